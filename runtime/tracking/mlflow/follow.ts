// Follows a run on an MLflow server: every few seconds what has ended since is sent, and the rest at the end. A server that is away is asked
// again at the next turn, ever more seldom; nothing that it does reaches the run.
import type { RunEvent } from "../../event/event.ts";
import { openStore } from "../../store/project-store.ts";
import type { RunManifest } from "../../store/store.ts";
import type { FollowContext } from "../tracker.ts";
import { Turns, wordsOf } from "../turns.ts";
import { type FilledMlflowOptions, serverOf } from "./mlflow-options.ts";
import { MlflowSync, type Progress } from "./sync.ts";

const attempts = 3;
/** What the end of a run may take. */
const graceMs = 30_000;

export class MlflowFollower {
  readonly #context: FollowContext;
  readonly #ended = new AbortController();
  readonly #progress = new Map<string, Progress>();
  readonly #sync: MlflowSync | null;
  readonly #turns: Turns;
  #run: string | null = null;

  constructor(context: FollowContext, options: FilledMlflowOptions) {
    this.#context = context;
    this.#sync = this.#opened(options);
    this.#turns = new Turns({
      work: () => this.#bring(),
      onFailure: (words) => this.#say(`${words}; it is tried again`),
    });
  }

  heed(event: Extract<RunEvent, { type: "run-started" | "progress" }>): void {
    if (event.type === "run-started") {
      this.#run = event.run;
      if (this.#sync !== null) this.#turns.start();
    } else if (event.stage === "trial") {
      const { experiment, done, failed } = event;
      this.#progress.set(experiment, { done, failed, at: Date.now() });
    }
  }

  async close(run: RunManifest | null): Promise<void> {
    if (this.#sync === null || this.#run === null) return;
    const timer = setTimeout(() => this.#ended.abort(), graceMs);
    await this.#turns.end();
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

  async #bring(): Promise<void> {
    const store = openStore(this.#context.root);
    const run = (await store.runs()).find(({ id }) => id === this.#run);
    if (run !== undefined)
      await this.#sync?.bring({ store, run, conclusions: null, progress: this.#progress });
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
