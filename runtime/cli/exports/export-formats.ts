// What `lab export` writes, as plain words: help and completion have them without the code that writes them.
import type { Choice } from "../choice.ts";

/** A row a trial, or a row a round. */
const tableFormats = ["csv", "json", "parquet", "arrow", "sqlite"] as const;
export const trialFormats = ["manifest-csv", "manifest-jsonl", "result-json"] as const;
/** A folder a trial. */
export const runFormats = ["tensorboard", "wandb"] as const;
export const seriesFolder = "series-folder";

export const exportFormats = {
  noun: "format for an export",
  words: [...tableFormats, ...trialFormats, ...runFormats, seriesFolder],
} as const satisfies Choice;
