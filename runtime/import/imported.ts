// Results of another tool as plain data, before they become a run: trials with parameters, what was measured, and what is not known of them.
import type { Json } from "../../lib/experiment/json.ts";

export const importKinds = ["hydra", "optuna", "inspect", "wandb-csv", "folder"] as const;
export type ImportKind = (typeof importKinds)[number];

export type ImportedValue = number | boolean | string | null;

export interface ImportedTrial {
  /** Where it was found, for messages: a file or folder, with the line or row where there is one. */
  readonly place: string;
  readonly parameters: Readonly<Record<string, Json>>;
  /** 0-based, where the tool itself counts repetitions; null otherwise. */
  readonly repetition: number | null;
  /** "open": it had not ended, so nothing is recorded of it. */
  readonly outcome:
    | { readonly kind: "measured" | "open" }
    | { readonly kind: "failed" | "refused"; readonly message: string };
  readonly metrics: Readonly<Record<string, ImportedValue>>;
  readonly series: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  /** Milliseconds since the epoch. */
  readonly startedAt: number | null;
  readonly durationMs: number | null;
}

export interface ImportedSource {
  readonly kind: ImportKind;
  /** What the experiment is called. */
  readonly name: string;
  readonly trials: readonly ImportedTrial[];
  /** Which way is better, by metric, where the tool says so. */
  readonly directions: Readonly<Record<string, "maximize" | "minimize">>;
  /** What was left out or guessed, in words. */
  readonly notes: readonly string[];
}

export interface ImportChoices {
  /** The file of metrics in each folder; null for the first of the usual names. */
  readonly file: string | null;
  /** Which columns are metrics; null: as the tool says. */
  readonly metrics: readonly string[] | null;
  /** Which are parameters; null: as the tool says. */
  readonly parameters: readonly string[] | null;
  /** One study of several. */
  readonly study: string | null;
}
