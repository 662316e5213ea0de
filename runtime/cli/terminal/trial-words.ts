// A trial as people are told of it: experiment or stage, levels, replicate. One form for all commands.
import { plainLine } from "./plain-text.ts";
import { fit } from "./words.ts";

/** A level may be as long as a prompt: of each the beginning is told. */
const levelColumns = 60;

type Condition = Readonly<Record<string, unknown>> | null;

/** "rate=0.1, network=boolean", long levels cut; empty for what has no condition. */
export function levelsWords(condition: Condition): string {
  return Object.entries(condition ?? {})
    .map(
      ([name, level]) =>
        `${name}=${fit(plainLine(typeof level === "object" ? JSON.stringify(level) : String(level)), levelColumns)}`,
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
