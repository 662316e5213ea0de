// A trial as people are told of it: experiment or stage, levels, replicate. One form for all commands.
import { plainLine } from "./plain-text.ts";

type Condition = Readonly<Record<string, unknown>> | null;

/** "rate=0.1, network=boolean"; empty for what has no condition. */
export function levelsWords(condition: Condition): string {
  return Object.entries(condition ?? {})
    .map(
      ([name, level]) =>
        `${name}=${plainLine(typeof level === "object" ? JSON.stringify(level) : String(level))}`,
    )
    .join(", ");
}

/** "input-types (rate=0.1, network=boolean; replicate 2)". `of` is the experiment, with the stage where it is one's. */
export function trialWords(trial: {
  readonly of: string;
  readonly condition: Condition;
  readonly replicate: number | null;
}): string {
  const { of, condition, replicate } = trial;
  const parts = [levelsWords(condition), replicate === null ? "" : `replicate ${replicate}`];
  const within = parts.filter((part) => part !== "").join("; ");
  return within === "" ? of : `${of} (${within})`;
}
