// What a program hands on as a stage: its metrics, and the content of files as their schemas have it.
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ContentSource, StageValues } from "../../lib/experiment/definition.ts";
import { parsedJson } from "./values.ts";

/** Of one file, in bytes. */
const contentMax = 16 * 2 ** 20;

type Row = Readonly<Record<string, unknown>>;

/** The value of the stage. Throws, in words, where something does not fit. */
export function handedValue(
  { contents }: StageValues,
  of: { readonly folder: string; readonly metrics: Row },
): { readonly metrics: Row; readonly contents: Row } {
  return {
    metrics: of.metrics,
    contents: Object.fromEntries(
      Object.entries(contents).map(([name, source]) => [name, contentOf(name, source, of.folder)]),
    ),
  };
}

function contentOf(name: string, source: ContentSource, folder: string): unknown {
  const file = "json" in source ? source.json : source.text;
  const path = join(folder, file);
  if (!existsSync(path)) throw new Error(`the program left no ${file} behind for the content "${name}"`);
  const { size } = statSync(path);
  if (size > contentMax)
    throw new Error(
      `${file} has ${size} bytes; what is handed on may have ${contentMax}: keep it as an artifact`,
    );
  const text = readFileSync(path, "utf8");
  if ("text" in source) return text;
  const checked = source.schema.safeParse(parsedJson(text, file));
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? file : `${file}: ${issue.path.join(".")}`;
  throw new Error(`${place} does not fit the schema of the content "${name}": ${issue?.message ?? ""}`);
}
