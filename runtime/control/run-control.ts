// The control of one run under way: folds its events into where it stands, does what is asked on its socket, and writes every act into
// the run's journal before it is done. A run whose socket cannot be made goes on without.
import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import type { Act, DoneAct } from "../event/act.ts";
import type { Listener, RunEvent } from "../event/event.ts";
import type { PlanRun } from "../execute/controller/controller-options.ts";
import { beforeRun, type RunState, runStateAfter } from "../live/run-state.ts";
import { ownerOnly } from "../store/atomic-file.ts";
import type { RunLayout } from "../store/layout.ts";
import { makeAddress } from "./address.ts";
import { type ControlServer, openControlServer } from "./control-server.ts";
import type { ControlRequest } from "./request.ts";

/** Answers that are kept for requests that come again. */
const answersKept = 1000;

export interface RunControlOptions {
  readonly run: Pick<RunLayout, "control" | "acts">;
  /** Names this process among all that write or have written the run. */
  readonly session: string;
  /** Hears of acts, and of a socket that cannot be made. */
  readonly listener: Listener;
}

/** What was asked cannot be done, in words. */
export class Refusal extends Error {}

export class RunControl {
  readonly #options: RunControlOptions;
  readonly #answers = new Map<string, unknown>();
  #server: ControlServer | null = null;
  #remove: () => void = () => undefined;
  #running: PlanRun | null = null;
  #state: RunState = beforeRun;
  #seq = 0;
  #isPaused = false;

  constructor(options: RunControlOptions) {
    this.#options = options;
  }

  /** Opens the socket. Where that does not work the run is told so and goes on. */
  async open(): Promise<void> {
    try {
      const { run, session } = this.#options;
      const address = makeAddress(run.control, session.replaceAll("/", "-"));
      this.#remove = address.remove;
      this.#server = await openControlServer({
        socket: address.socket,
        answer: (request) => this.#answer(request),
        snapshot: () => ({ seq: this.#seq, state: this.#state }),
      });
    } catch (error) {
      this.#remove();
      const why = error instanceof Error ? error.message : String(error);
      const text = `the run cannot be steered from outside: ${why}`;
      this.#options.listener({ type: "notice", level: "warning", text });
    }
  }

  /** To be told every event of the run. */
  hear(event: RunEvent): void {
    this.#seq += 1;
    this.#state = runStateAfter(this.#state, event, Date.now());
    this.#server?.tell(this.#seq, event);
  }

  /** The part of the run that goes on now takes the acts, and what they came to before; returns what ends that. */
  attach(running: PlanRun): () => void {
    this.#running = running;
    if (this.#isPaused) running.acts.pause(true);
    return () => {
      this.#running = null;
    };
  }

  async close(): Promise<void> {
    await this.#server?.close();
    this.#remove();
  }

  #answer(request: ControlRequest): unknown {
    if (request.do === "state") return { seq: this.#seq, state: this.#state };
    const known = request.key === null ? undefined : this.#answers.get(request.key);
    if (known !== undefined) return known;
    const running = this.#running;
    if (running === null) throw new Refusal("the run has not begun yet, or is ending: nothing was done");
    const act = this.#prepared(request);
    const { origin, by, key } = request;
    const done: DoneAct = { act, origin, by, at: new Date().toISOString(), key: key ?? randomUUID() };
    keepAct(this.#options.run.acts, done);
    this.#options.listener({ type: "act", ...done });
    this.#do(running, done);
    const answer = { act, seq: this.#seq };
    this.#answers.set(done.key, answer);
    if (this.#answers.size > answersKept) this.#answers.delete(this.#answers.keys().next().value ?? "");
    return answer;
  }

  /** The act that is asked for, or a Refusal where it cannot be done as things stand. */
  #prepared(request: ControlRequest): Act {
    switch (request.do) {
      case "pause":
        if (this.#isPaused) throw new Refusal("the run is paused already");
        return { do: "pause" };
      case "unpause":
        if (!this.#isPaused) throw new Refusal("the run is not paused");
        return { do: "unpause" };
      case "drain":
      case "stop":
        return { do: request.do };
      default:
        throw new Refusal(`"${request.do}" is not known here`);
    }
  }

  #do(running: PlanRun, { act, by }: DoneAct): void {
    switch (act.do) {
      case "pause":
      case "unpause":
        this.#isPaused = act.do === "pause";
        running.acts.pause(this.#isPaused);
        return;
      case "drain":
        running.drain(`lab stop by ${by}`);
        return;
      case "stop":
        running.stop(`lab stop --now by ${by}`);
        return;
      default:
        throw new Error(`${act.do} is prepared and not done`);
    }
  }
}

/** On the disk before it is done. */
function keepAct(path: string, done: DoneAct): void {
  const file = openSync(path, "a", ownerOnly);
  try {
    writeSync(file, `${JSON.stringify(done)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
