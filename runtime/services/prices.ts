// What models cost: the price of the port, else that of the project's `prices.json`, else the shipped list. Prices change; each list has its date.
import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { UserError } from "../diagnostic/user-error.ts";

/** In US dollars for a million tokens. */
export interface Price {
  readonly prompt: number;
  readonly completion: number;
}

export interface PriceList {
  /** Of the day when it was right. */
  readonly date: string;
  readonly models: Readonly<Record<string, Price>>;
}

/** As the providers published them; a day's truth, so a project that pays keeps a list of its own. */
const shipped: PriceList = {
  date: "2025-08-07",
  models: {
    "gpt-5": { prompt: 1.25, completion: 10 },
    "gpt-5-mini": { prompt: 0.25, completion: 2 },
    "gpt-5-nano": { prompt: 0.05, completion: 0.4 },
    "gpt-4.1": { prompt: 2, completion: 8 },
    "gpt-4.1-mini": { prompt: 0.4, completion: 1.6 },
    "gpt-4.1-nano": { prompt: 0.1, completion: 0.4 },
    "gpt-4o": { prompt: 2.5, completion: 10 },
    "gpt-4o-mini": { prompt: 0.15, completion: 0.6 },
    o3: { prompt: 2, completion: 8 },
    "o4-mini": { prompt: 1.1, completion: 4.4 },
    "claude-opus-4-1": { prompt: 15, completion: 75 },
    "claude-sonnet-4": { prompt: 3, completion: 15 },
    "claude-3-5-haiku": { prompt: 0.8, completion: 4 },
    "gemini-2.5-pro": { prompt: 1.25, completion: 10 },
    "gemini-2.5-flash": { prompt: 0.3, completion: 2.5 },
  },
};

export const pricesFile = "prices.json";

const price = z.strictObject({ prompt: z.number().min(0), completion: z.number().min(0) });
const listShape = z.strictObject({ date: z.iso.date(), models: z.record(z.string(), price) });

export interface Prices {
  /** Null where nobody knows. */
  of(model: string): (Price & { readonly date: string; readonly from: string }) | null;
}

/** The project's list over the shipped one. Throws UserError for a list that cannot be read. */
export function readPrices(root: string): Prices {
  const own = ownList(path.join(root, pricesFile));
  const lists = [...(own === null ? [] : [{ ...own, from: pricesFile }]), { ...shipped, from: "labwright" }];
  return {
    of(model) {
      for (const { models, date, from } of lists) {
        // A model of a day, such as "gpt-4o-2024-08-06", costs what its name without the day does.
        const name = [model, model.replace(/-\d{4}-?\d{2}-?\d{2}$/, "")].find((each) =>
          Object.hasOwn(models, each),
        );
        const found = name === undefined ? undefined : models[name];
        if (found !== undefined) return { ...found, date, from };
      }
      return null;
    },
  };
}

function ownList(file: string): PriceList | null {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  const hint =
    'For example: { "date": "2026-01-31", "models": { "a-model": { "prompt": 0.15, "completion": 0.6 } } }, in US dollars for a million tokens.';
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${pricesFile} is no JSON: ${error instanceof Error ? error.message : ""}`, { hint });
  }
  const read = listShape.safeParse(json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new UserError(`${pricesFile}: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`.trim(), {
    hint,
  });
}
