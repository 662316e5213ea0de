// The topics of simulated rates: every *.rates.ts of this folder, in the order of their names. Each exports `rates` and may
// export `about`, a paragraph that docs/coverage.md shows above their table.
import { readdirSync } from "node:fs";
import type { Rate } from "./rate.ts";

export interface Topic {
  /** The name of its file: "gates" for gates.rates.ts. */
  readonly name: string;
  readonly about: string | null;
  readonly rates: readonly Rate[];
}

export async function readTopics(): Promise<readonly Topic[]> {
  const names = readdirSync(new URL(".", import.meta.url))
    .flatMap((file) => /^(.+)[.]rates[.]ts$/.exec(file)?.[1] ?? [])
    .sort();
  const topics: Topic[] = [];
  for (const name of names) topics.push(await readTopic(name));
  return topics;
}

export async function readTopic(name: string): Promise<Topic> {
  const { rates, about = null }: { readonly rates: readonly Rate[]; readonly about?: string | null } =
    await import(new URL(`${name}.rates.ts`, import.meta.url).href);
  return { name, about, rates };
}
