// Names, tags and notes of a run in words.
import type { RunLabels } from "../../store/runs/labels.ts";
import { plainLine } from "./plain-text.ts";

/** "2026-01-31 14:05 ada@lab  the third level looks odd" */
export function noteLine({ text, at, by }: RunLabels["notes"][number]): string {
  return `${at.slice(0, 16).replace("T", " ")} ${plainLine(by)}  ${plainLine(text)}`;
}
