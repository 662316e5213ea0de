// What an engine is: where the trials of a run are computed, as `lab.config.ts` or the command line choose it. Each is a folder beside this one;
// a run sees nothing of it but its executor.
import type { Checked } from "../../doctor/check.ts";
import type { Executor } from "../protocol/executor.ts";

/** Something in an engine's options that cannot be so. */
export interface EngineProblem {
  /** What is there, such as `host "-x"`. */
  readonly found: string;
  readonly expected: string;
}

export interface EngineSetting {
  /** Worker threads of each machine that says no number of its own; null for as many as it has cores. */
  readonly threads: number | null;
}

/** What an experiment that is to run asks of machines. */
export interface LabelNeed {
  readonly experiment: string;
  /** Where it is defined: file and line. */
  readonly at: string;
  readonly labels: readonly string[];
}

export interface Engine {
  readonly kind: "labwright/engine";
  /** As `--engine` names it. */
  readonly name: string;
  /** Whether its trials run on this machine, so that what they start must be here. */
  readonly isHere?: true;
  /** Of its options; an engine that has any is refused before it is used. */
  readonly problems: readonly EngineProblem[];
  /** Whether machines have labels that experiments may need. Where they have none, an experiment that needs some is refused. */
  readonly hasLabels?: boolean;
  /** Whether a run could begin: one finding and its remedy for each thing that was looked at. Changes nothing anywhere. */
  check(setting: EngineSetting, needs: readonly LabelNeed[]): Promise<readonly Checked[]>;
  /**
   * What only its machines themselves tell, where `check` has found nothing wrong: something small is run on one of them. For `lab doctor`, in the
   * project at `root`. Absent where `check` asks every machine.
   */
  probe?(setting: EngineSetting, root: string): Promise<readonly Checked[]>;
  /** Worker threads that a run of so many trials would have now, as far as is known here; null where only its machines know. */
  threads(setting: EngineSetting, trials: number): Promise<number | null>;
  executor(setting: EngineSetting): Executor;
  /** The same engine with other values of some of its options; absent where nothing of it can be typed beside what a file says. */
  with?(options: object): Engine;
}
