// How a run ends: by itself, drained, stopped or aborted; the first reason stands unless something more urgent comes.
import type { RunSummary } from "./controller-options.ts";

/** Ends of a run that come from outside its plan. */
export type EndingKind = "stopped" | "budget" | "aborted";

export class RunEnding {
  readonly #startedAt = performance.now();
  #asked: { readonly kind: EndingKind; readonly reason: string } | null = null;

  #holds = 0;

  /** Whether somebody keeps the run from ending by itself. */
  get isHeld(): boolean {
    return this.#holds > 0;
  }

  /** Keeps it so until the function returned is called, which calls `then`. */
  hold(then: () => void): () => void {
    this.#holds += 1;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#holds -= 1;
      then();
    };
  }

  /** Something broke at the end: it was aborted, unless its end was asked for before. */
  fault(error: unknown): void {
    if (!this.isAsked) this.ask("aborted", error instanceof Error ? error.message : String(error));
  }

  /** Whether the run is to end before everything is done. */
  get isAsked(): boolean {
    return this.#asked !== null;
  }

  /** Asks for the end of the run; an abort overrules what was asked before. */
  ask(kind: EndingKind, reason: string): void {
    if (this.#asked === null || kind === "aborted") this.#asked = { kind, reason };
  }

  summaryOf(counts: Omit<RunSummary, "status" | "durationMs" | "reason">): RunSummary {
    // Asked to stop when the last trials were under way: nothing was stopped.
    const asked = this.#asked?.kind !== "aborted" && counts.remaining === 0 ? null : this.#asked;
    return {
      status: asked?.kind ?? "complete",
      ...counts,
      durationMs: performance.now() - this.#startedAt,
      reason: asked?.reason ?? null,
    };
  }
}
