// The channel from the page's server to the process of a run under way: what it tells, and what is asked of it.
import type { RunState } from "../../live/run-state.ts";
import type { ActRequest, RunStatus } from "../view-data.ts";

export interface ControlLink {
  isOpen(): boolean;
  /** Folded from the events heard; null before the first. */
  state(): RunState | null;
  /** Null where the process has told nothing of being paused or stopped. */
  status(): Extract<RunStatus, "running" | "pausing" | "paused" | "stopping"> | null;
  /** Resolves once the process has acknowledged; rejects with a UserError in its words. The same key acts once. */
  act(request: ActRequest, of: { readonly key: string; readonly reason: string }): Promise<void>;
  close(): void;
}

/** Opens the channel of a run, by its id; null where it has none. */
export type LinkOf = (run: string) => ControlLink | null;
