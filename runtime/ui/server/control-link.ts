// The channel from the page's server to the process of a run under way: what it tells, and what is asked of it. A channel that breaks is
// opened again while the run goes on.

import { type ControlClient, connectTo, type Heard } from "../../control/control-client.ts";
import type { Asked } from "../../control/request.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import { type RunState, runStateAfter } from "../../live/run-state.ts";
import type { RunLayout } from "../../store/layout.ts";
import type { RunStatus } from "../view-data.ts";

const againMs = 1000;

/** One run's channel. */
export class ControlLink {
  readonly #run: Pick<RunLayout, "control">;
  #client: ControlClient | null = null;
  #state: RunState | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

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

  status(): Extract<RunStatus, "running" | "paused" | "stopping"> {
    const phase = this.#state?.phase;
    return phase === "paused" ? "paused" : phase === "draining" ? "stopping" : "running";
  }

  /** Resolves once the process has acknowledged; throws UserError in its words. The same key acts once. */
  async act(asked: Asked, key: string): Promise<void> {
    const client = this.#client;
    if (client === null) throw new UserError("the process of this run does not answer");
    try {
      await client.ask(asked, { key });
    } catch (error) {
      throw new UserError(error instanceof Error ? error.message : String(error));
    }
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
    if ("state" in heard) this.#state = heard.state;
    else if (this.#state !== null) this.#state = runStateAfter(this.#state, heard.event, Date.now());
  }
}
