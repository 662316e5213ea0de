// Follows a run on an MLflow server: every few seconds what has ended since is sent, and the rest at the end. A server that is away is asked
// again at the next turn, ever more seldom; nothing that it does reaches the run.
import type { RunEvent } from "../../event/event.ts";
import { openStore } from "../../store/project-store.ts";
import type { RunManifest } from "../../store/store.ts";
import type { FollowContext } from "../tracker.ts";
import { type FilledMlflowOptions, serverOf } from "./mlflow-options.ts";
import { MlflowSync, type Progress } from "./sync.ts";

const firstTurnMs = 1000;
/** Between two turns, at least; and so many times as long as the last one took. */
const apartMs = 2000;
const apartTimes = 5;
const apartMaxMs = 60_000;
const attempts = 3;
/** What the end of a run may take. */
const graceMs = 30_000;

export class MlflowFollower {
  readonly #context: FollowContext;
  readonly #ended = new AbortController();
  readonly #progress = new Map<string, Progress>();
  readonly #sync: MlflowSync | null;
  #run: string | null = null;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  #isClosing = false;
  /** Turns in a row that came to nothing. */
  #failures = 0;

  constructor(context: FollowContext, options: FilledMlflowOptions) {
    this.#context = context;
    this.#sync = this.#opened(options);
  }

  heed(event: Extract<RunEvent, { type: "run-started" | "progress" }>): void {
    if (event.type === "run-started") {
      this.#run = event.run;
      if (this.#sync !== null) this.#next(firstTurnMs);
    } else if (event.stage === "trial") {
      const { experiment, done, failed } = event;
      this.#progress.set(experiment, { done, failed, at: Date.now() });
    }
  }

  async close(run: RunManifest | null): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#timer);
    if (this.#sync === null || this.#run === null) return;
    const timer = setTimeout(() => this.#ended.abort(), graceMs);
    await this.#turn;
    if (run !== null) await this.#last(run, this.#sync);
    clearTimeout(timer);
  }

  #opened(options: FilledMlflowOptions): MlflowSync | null {
    const { environment, redact } = this.#context;
    try {
      const { uri, experiment, trials, points } = options;
      const server = serverOf({ uri, environment, signal: this.#ended.signal, attempts });
      return new MlflowSync({ server, experiment, trials, points, redact });
    } catch (error) {
      this.#say(wordsOf(error));
      return null;
    }
  }

  #next(waitMs: number): void {
    if (this.#isClosing) return;
    this.#timer = setTimeout(() => {
      this.#turn = this.#takeTurn();
    }, waitMs).unref();
  }

  async #takeTurn(): Promise<void> {
    const from = performance.now();
    try {
      const store = openStore(this.#context.root);
      const run = (await store.runs()).find(({ id }) => id === this.#run);
      if (run !== undefined)
        await this.#sync?.bring({ store, run, conclusions: null, progress: this.#progress });
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      if (this.#failures === 1 && !this.#isClosing) this.#say(`${wordsOf(error)}; it is tried again`);
    }
    const tookMs = performance.now() - from;
    const waitMs = Math.max(apartMs * 2 ** this.#failures, apartTimes * tookMs);
    this.#next(Math.min(apartMaxMs, waitMs));
  }

  async #last(run: RunManifest, sync: MlflowSync): Promise<void> {
    const { root, conclude } = this.#context;
    try {
      const conclusions = await conclude(run);
      const store = openStore(root);
      const synced = await sync.bring({ store, run, conclusions, progress: this.#progress });
      for (const note of new Set(synced.flatMap(({ notes }) => notes))) this.#say(note);
    } catch (error) {
      this.#say(
        `not all of ${run.id} was sent: ${wordsOf(error)}; \`lab sync mlflow ${run.id}\` sends the rest`,
      );
    }
  }

  #say(words: string): void {
    this.#context.onProblem(`mlflow: ${words}`);
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
