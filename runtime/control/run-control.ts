// The control of one run under way: folds its events into where it stands, does what is asked on its socket, and writes every act into
// the run's journal before it is done. A run whose socket cannot be made goes on without.
import { randomUUID } from "node:crypto";
import { type Act, actWords, type DoneAct } from "../event/act.ts";
import type { Listener, RunEvent } from "../event/event.ts";
import type { PlanRun } from "../execute/controller/controller-options.ts";
import { beforeRun, type RunState, runStateAfter } from "../live/run-state.ts";
import { countBits } from "../plan/bitmap.ts";
import type { OpenedPlan } from "../plan/opened-plan.ts";
import type { JobId } from "../plan/plan.ts";
import type { Wanted } from "../plan/selection.ts";
import type { RunLayout } from "../store/files/layout.ts";
import type { CancelledTrials } from "../store/store.ts";
import { makeAddress } from "./address.ts";
import { type MeantTrials, meantTrials, replicatesEnded } from "./cancelled-units.ts";
import { type ControlServer, openControlServer } from "./control-server.ts";
import { keepAct, readActs } from "./kept-acts.ts";
import { keepTelling } from "./kept-telling.ts";
import { type Asked, type ControlRequest, parseRequest } from "./request.ts";
import { causeCountsOf, type RetriedTrials, retriedTrials } from "./retried-units.ts";
import { userName } from "./user-name.ts";
import { WatchedTrials } from "./watched-trials.ts";

/** Between two writings of what the process has told, while it goes on. */
const tellingMs = 20_000;

/** Answers that are kept for requests that come again. */
const answersKept = 1000;

export interface RunControlOptions {
  readonly run: Pick<RunLayout, "control" | "acts" | "told">;
  /** Names this process among all that write or have written the run. */
  readonly session: string;
  /** Hears of acts, and of a socket that cannot be made. */
  readonly listener: Listener;
  /** What the run is about. */
  readonly plan: {
    readonly opened: OpenedPlan;
    readonly wanted: Wanted;
    readonly steering: { mostOf(job: number): Uint8Array | null };
  };
  /** Keeps with the run that trials are cancelled. */
  readonly cancel: (trials: CancelledTrials) => void;
  /** By experiment, from the start. */
  readonly priorities: Readonly<Record<string, number>>;
}

/** Units of a job that are with a worker: the first of each lease, and those behind it. */
export interface JobUnderWay {
  readonly job: JobId;
  readonly running: readonly number[];
  readonly prepared: readonly number[];
}

/** What was asked cannot be done, in words. */
export class Refusal extends Error {}

export class RunControl {
  readonly #options: RunControlOptions;
  /** By key, refusals among them: what is sent twice is answered twice alike. */
  readonly #answers = new Map<string, Answer>();
  readonly #watched = new WatchedTrials(() => this.#running?.acts.watch(this.#watched.units));
  #server: ControlServer | null = null;
  #remove: () => void = () => undefined;
  #running: PlanRun | null = null;
  #state: RunState;
  #seq = 0;
  #toldAtMs = 0;
  /** Of this and of earlier processes of the run. */
  #lastAct: DoneAct | null;
  #isPaused = false;
  #workers: number | null = null;
  readonly #priorities: Map<string, number>;

  constructor(options: RunControlOptions) {
    this.#options = options;
    this.#priorities = new Map(Object.entries(options.priorities));
    this.#lastAct = readActs(options.run.acts).at(-1) ?? null;
    this.#state = { ...beforeRun, acts: this.#lastAct?.number ?? 0 };
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
    if (event.type === "resources" || event.type === "run-finished") this.#keepTelling(event.type);
  }

  /** At the end, and now and then before: a process that is killed says nothing more. */
  #keepTelling(on: "resources" | "run-finished"): void {
    const now = Date.now();
    if (on === "resources" && now - this.#toldAtMs < tellingMs) return;
    this.#toldAtMs = now;
    try {
      keepTelling(this.#options.run.told, this.#state);
    } catch {
      // A full disk is told elsewhere, and this is no result.
    }
  }

  /** The part of the run that goes on now takes the acts, and what they came to before; returns what ends that. */
  attach(running: PlanRun): () => void {
    this.#running = running;
    for (const [experiment, priority] of this.#priorities) running.acts.prioritize(experiment, priority);
    if (this.#workers !== null) running.acts.resize(this.#workers);
    if (this.#isPaused) running.acts.pause(true);
    running.acts.watch(this.#watched.units);
    return () => {
      this.#running = null;
    };
  }

  /**
   * Does what a program of this process asks, as if it had come through the socket; answers with the act.
   *
   * @throws Refusal where it cannot be done as things stand, or makes no sense.
   */
  ask(asked: Asked): unknown {
    const request = parseRequest(JSON.stringify({ ...asked, id: 0, origin: "program", by: userName() }));
    if ("error" in request) throw new Refusal(request.error);
    return this.#answer(request);
  }

  async close(): Promise<void> {
    this.#watched.close();
    await this.#server?.close();
    this.#remove();
  }

  #answer(request: ControlRequest): unknown {
    if (request.do === "state") return { seq: this.#seq, state: this.#state };
    if (request.do === "under-way") return { seq: this.#seq, jobs: this.#underWay() };
    if (request.do === "rows") return this.#show(request);
    const key = request.key ?? randomUUID();
    let answer = this.#answers.get(key);
    if (answer === undefined) {
      answer = this.#acted(request, key);
      this.#answers.set(key, answer);
      if (this.#answers.size > answersKept) this.#answers.delete(this.#answers.keys().next().value ?? "");
    }
    if ("refused" in answer) throw new Refusal(answer.refused);
    return answer;
  }

  #acted(request: ControlRequest, key: string): Answer {
    const running = this.#running;
    if (running === null) return { refused: "the run has not begun yet, or is ending: nothing was done" };
    const number = this.#lastAct?.number ?? 0;
    if (request.seen !== null && request.seen !== number) return { refused: this.#since(request.seen) };
    let prepared: PreparedAct;
    try {
      prepared = this.#prepared(request, running);
    } catch (error) {
      if (error instanceof Refusal) return { refused: error.message };
      throw error;
    }
    const { act, ...what } = prepared;
    const { origin, by } = request;
    const done: DoneAct = { act, origin, by, at: new Date().toISOString(), key, number: number + 1 };
    keepAct(this.#options.run.acts, done);
    this.#lastAct = done;
    this.#options.listener({ type: "act", ...done });
    this.#do(running, done, what);
    return { act, number: done.number, seq: this.#seq };
  }

  #since(seen: number): string {
    const last = this.#lastAct;
    return last === null
      ? `the run has no act ${seen}`
      : `somebody has acted since this was decided: ${actWords(last)}`;
  }

  /** Trials that are with a worker now, by job. */
  #underWay(): readonly JobUnderWay[] {
    const acts = this.#running?.acts;
    if (acts === undefined) return [];
    return [...this.#options.plan.wanted.keys()].flatMap((index) => {
      const { running, prepared } = acts.underWayOf(index);
      const job = this.#options.plan.opened.plan.jobs[index]!.id;
      return running.length === 0 ? [] : [{ job, running, prepared }];
    });
  }

  #show({ job: id, unit, isNew }: Extract<ControlRequest, { readonly do: "rows" }>): unknown {
    const index = this.#options.plan.opened.plan.jobs.findIndex((job) => job.id === id);
    if (index < 0) throw new Refusal("the run has no such job");
    this.#watched.look(index, unit, isNew);
    return { seq: this.#seq };
  }

  /** The act that is asked for, or a Refusal where it cannot be done as things stand. */
  #prepared(request: ControlRequest, running: PlanRun): PreparedAct {
    switch (request.do) {
      case "pause":
        if (this.#isPaused) throw new Refusal("the run is paused already");
        return { act: { do: "pause" } };
      case "unpause":
        if (!this.#isPaused) throw new Refusal("the run is not paused");
        return { act: { do: "unpause" } };
      case "workers": {
        const { threads, moreBy } = running.acts.room();
        if (moreBy !== null && request.workers > threads)
          throw new Refusal(
            `the run has ${threads === 1 ? "one worker" : `${threads} workers`}; for more: ${moreBy}`,
          );
        return { act: { do: "workers", workers: request.workers } };
      }
      case "priority": {
        const { experiment, priority } = request;
        const names = this.#options.plan.opened.experiments.map(({ planned }) => planned.name);
        if (!names.includes(experiment))
          throw new Refusal(`the run has no experiment "${experiment}"; it has ${names.join(", ")}`);
        return { act: { do: "priority", experiment, priority } };
      }
      case "cancel": {
        const meant = meantTrials(this.#options.plan.opened, request);
        if (typeof meant === "string") throw new Refusal(meant);
        return { act: this.#cancelling(meant, running.acts.doneOf(meant.job)), meant };
      }
      case "retry":
        return this.#retrying(request, running);
      case "drain":
      case "stop":
        return { act: { do: request.do } };
      default:
        throw new Refusal(`"${request.do}" is no act`);
    }
  }

  #retrying(request: Extract<ControlRequest, { readonly do: "retry" }>, running: PlanRun): PreparedAct {
    const { opened } = this.#options.plan;
    if (this.#state.phase === "draining") throw new Refusal("the run is stopping: nothing more starts");
    const again = retriedTrials(opened, request, (job) => running.acts.failedOf(job));
    if (typeof again === "string") throw new Refusal(again);
    const { experiment, job, arm, trial, failed } = again;
    this.#assertFree(job, "lab run --retry-errors runs them again once it has ended");
    const causes = causeCountsOf(failed);
    const { cause } = request;
    return {
      act: { do: "retry", experiment, arm, trial, cause, trials: failed.length, causes },
      again,
    };
  }

  /** Refuses where a rule or another experiment goes by how the trials of the job end. */
  #assertFree(job: number, instead: string): void {
    const { opened, steering } = this.#options.plan;
    const { experiment, id } = opened.plan.jobs[job]!;
    if (steering.mostOf(job) !== null)
      throw new Refusal(`a rule decides how many trials of ${experiment} there are: ${instead}`);
    const dependent = opened.plan.jobs.find(
      (each) => each.experiment !== experiment && each.needs.some((need) => need.job === id),
    );
    if (dependent !== undefined)
      throw new Refusal(`${dependent.experiment} needs every trial of ${experiment}: ${instead}`);
  }

  #cancelling(meant: MeantTrials, done: Uint8Array): Act {
    const { experiment, job, arm, trial, units } = meant;
    const { opened, wanted } = this.#options.plan;
    this.#assertFree(job, "stop the run instead");
    const asked = wanted.get(job) ?? new Uint8Array(0);
    const open = units.map((byte, at) => byte & (asked[at] ?? 0) & ~(done[at] ?? 0));
    const trials = countBits(open);
    if (trials === 0) throw new Refusal("nothing of it is left to run");
    const { conditions } = opened.plan.jobs[job]!;
    const replicates = replicatesEnded(meant, done, conditions);
    return { do: "cancel", experiment, arm, trial, trials, replicates };
  }

  #do(running: PlanRun, { act, by, origin, at }: DoneAct, { meant, again }: Omit<PreparedAct, "act">): void {
    switch (act.do) {
      case "workers": {
        const { threads, moreBy } = running.acts.room();
        // All that there are: of machines that come later too.
        this.#workers = moreBy !== null && act.workers >= threads ? null : act.workers;
        running.acts.resize(this.#workers);
        return;
      }
      case "priority":
        this.#priorities.set(act.experiment, act.priority);
        running.acts.prioritize(act.experiment, act.priority);
        return;
      case "cancel": {
        if (meant === undefined) throw new Error("a cancellation means no trials");
        const { do: _, ...what } = act;
        // Kept before it is done: a run that is killed in between does not run them.
        this.#options.cancel({ ...what, job: meant.id, by, origin, at });
        running.acts.cancel(meant.job, meant.units);
        return;
      }
      case "retry":
        if (again === undefined) throw new Error("a retry means no trials");
        running.acts.retry(again.job, again.failed);
        return;
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
    }
  }
}

type Answer =
  | { readonly act: Act; readonly number: number; readonly seq: number }
  | { readonly refused: string };

interface PreparedAct {
  readonly act: Act;
  /** Of a cancellation. */
  readonly meant?: MeantTrials;
  /** Of a retry. */
  readonly again?: RetriedTrials;
}
