// States as a shape and a word: colour alone says nothing.
import type { RunStatus } from "../view-data.ts";
import { statusWord } from "./words.ts";

const shapes: Readonly<Record<RunStatus, string>> = {
  running: "running",
  pausing: "paused",
  paused: "paused",
  stopping: "stopped",
  killed: "failed",
  complete: "complete",
  stopped: "stopped",
  budget: "stopped",
  aborted: "failed",
};

export function Chip({ status }: { readonly status: RunStatus }) {
  return <span class={`chip ${shapes[status]}`}>{statusWord(status)}</span>;
}

/** "measured", "failed: time-out", "not begun". */
export function StateChip({ state }: { readonly state: string }) {
  const [kind = ""] = state.split(":");
  const shape =
    { measured: "measured", failed: "failed", "not begun": "new", running: "running" }[kind] ?? "stopped";
  return <span class={`chip ${shape}`}>{state}</span>;
}
