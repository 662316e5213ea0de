// What the compiler is asked and what it answers.
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import type { Plan } from "../../plan/plan.ts";

export interface CompileRequest {
  /** Absolute path of the project. */
  readonly root: string;
  /** Files or folders in it; the whole project when left out. */
  readonly paths?: readonly string[] | undefined;
  /** Levels in place of the declared ones, by parameter (`-S`). */
  readonly overrides?: Readonly<Record<string, readonly unknown[]>> | undefined;
  /** Told as each phase of a cold build begins. */
  readonly onPhase?: ((phase: "check" | "link" | "write") => void) | undefined;
}

export interface CompiledBuild {
  readonly plan: Plan;
  /** Absolute path of `.lab/builds/<id>`. */
  readonly folder: string;
  readonly warnings: readonly Diagnostic[];
  /** True when nothing had changed since the build was made. */
  readonly reused: boolean;
}
