// What the attacking process is asked for and what it tells: plain data.
import type { AttackResult } from "./attack.ts";
import type { Scenario } from "./scenario.ts";

export interface AttackRequest {
  /** Absolute; bundles are relative to it. */
  readonly folder: string;
  readonly bundles: readonly { readonly file: string; readonly bundle: string }[];
  /** Environments to attack by name; all unless told. */
  readonly names: readonly string[];
  readonly runs: number;
  /** For each environment. */
  readonly timeMs: number;
  readonly seed: number;
  /** Scenarios to try first, by environment. */
  readonly known: Readonly<Record<string, readonly Scenario[]>>;
  /** Conditions of an experiment to draw from; null for the environments' own schemas. */
  readonly conditions: readonly Readonly<Record<string, unknown>>[] | null;
  /** Only the known scenarios are played. */
  readonly isReplay: boolean;
  /** Where the scenario that is being played is kept, so that one that never ends can be told. */
  readonly current: string;
}

export type AttackMessage =
  | { readonly type: "attacking"; readonly file: string; readonly name: string }
  | {
      readonly type: "attacked";
      readonly file: string;
      readonly result: AttackResult;
      readonly fits: boolean;
    }
  | { readonly type: "failed"; readonly file: string; readonly text: string }
  | { readonly type: "found"; readonly file: string; readonly names: readonly string[] }
  | { readonly type: "done" };
