// The channel from the page's server to the process of a run under way: what it tells, and what is asked of it. A channel that breaks is
// opened again while the run goes on.

import { type AskOptions, type ControlClient, connectTo, type Heard } from "../../control/control-client.ts";
import type { Asked } from "../../control/request.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import { type RunState, runStateAfter } from "../../live/run-state.ts";
import type { FoundTrial } from "../../run/again/find-trial.ts";
import type { RunLayout } from "../../store/files/layout.ts";
import type { RunStatus } from "../view-data.ts";
import { RowsSoFar } from "./rows-so-far.ts";

const againMs = 1000;
/** Trials of which rows are kept. */
const trialsMost = 8;

/** One run's channel. */
export class ControlLink {
  readonly #run: Pick<RunLayout, "control">;
  #client: ControlClient | null = null;
  #state: RunState | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;
  /** By trial. */
  readonly #rows = new Map<string, RowsSoFar>();

  constructor(run: Pick<RunLayout, "control">) {
    this.#run = run;
    void this.#open();
  }

  isOpen(): boolean {
    return this.#client !== null;
  }

  /** Folded from the events heard; null before the first. */
  state(): RunState | null {
    return this.#state;
  }

  /** "pausing" while trials still run, as their hosts told last. */
  status(): Extract<RunStatus, "running" | "pausing" | "paused" | "stopping"> {
    const phase = this.#state?.phase;
    if (phase === "draining") return "stopping";
    if (phase !== "paused") return "running";
    return this.#state?.workers.some(({ readings }) => (readings.at(-1)?.running ?? 0) > 0) === true
      ? "pausing"
      : "paused";
  }

  /** Resolves with its number once the process has acknowledged; throws UserError in its words. The same key acts once. */
  async act(asked: Asked, of: Required<AskOptions>): Promise<number> {
    const client = this.#client;
    if (client === null) throw new UserError("the process of this run does not answer");
    try {
      // As run-control.ts answers.
      const { number } = (await client.ask(asked, of)) as { readonly number: number };
      return number;
    } catch (error) {
      throw new UserError(error instanceof Error ? error.message : String(error));
    }
  }

  /** What a trial under way has recorded so far; from the first asking on, for as long as it is asked again. */
  async rowsOf({ id, job, unit }: Pick<FoundTrial, "id" | "job" | "unit">): Promise<RowsSoFar | null> {
    const client = this.#client;
    if (client === null) return null;
    const known = this.#rows.get(id);
    const rows = known ?? new RowsSoFar();
    // The one asked for last is kept longest.
    this.#rows.delete(id);
    this.#rows.set(id, rows);
    if (this.#rows.size > trialsMost) this.#rows.delete(this.#rows.keys().next().value ?? "");
    try {
      await client.ask({ do: "rows", job: job.id, unit, isNew: known === undefined });
    } catch {
      // Its process is on the way out: the record says the rest.
      return null;
    }
    return rows;
  }

  close(): void {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#client?.close();
    this.#client = null;
  }

  async #open(): Promise<void> {
    try {
      const client = await connectTo(this.#run, "page");
      if (client === null || this.#isClosed) {
        client?.close();
        this.#again();
        return;
      }
      await client.listen((heard) => this.#hear(heard));
      this.#client = client;
      void client.closed.then(() => {
        this.#client = null;
        this.#again();
      });
    } catch {
      // Nobody answers: the buttons stay shut, and say so.
      this.#again();
    }
  }

  #again(): void {
    if (!this.#isClosed) this.#timer = setTimeout(() => void this.#open(), againMs);
  }

  #hear(heard: Heard): void {
    if ("state" in heard) {
      this.#state = heard.state;
      // After a gap some rows are missing.
      this.#rows.clear();
      return;
    }
    if (heard.event.type === "rows") this.#rows.get(heard.event.trial)?.take(heard.event);
    if (this.#state !== null) this.#state = runStateAfter(this.#state, heard.event, Date.now());
  }
}
