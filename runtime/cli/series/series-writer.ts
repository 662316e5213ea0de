// Keeps the folder of a series as its run goes on: soon after something has ended, and so seldom that writing takes a small share of the time.
import type { Listener, RunEvent } from "../../event/event.ts";
import type { PlanRun } from "../../execute/controller/controller-options.ts";
import type { ProjectStore } from "../../store/project-store.ts";
import type { RunManifest } from "../../store/store.ts";
import { SeriesFolder } from "./series-folder.ts";

/** Between two writings, at least; and so many times as long as the last one took. */
const apartMs = 500;
const apartTimes = 10;

export interface SeriesWriter {
  readonly listener: Listener;
  /** Is handed each part of the run, which knows what is under way. */
  readonly attach: (running: PlanRun) => () => void;
  /** Writes where the run ended; answers with the folder, null where no run began. */
  close(ended: RunManifest | null): Promise<string | null>;
}

/** Nothing that goes wrong with the folder reaches the run: it is told to `onProblem`, once. */
export function seriesWriterOf(options: {
  readonly store: ProjectStore;
  readonly folder: string;
  readonly resume: boolean;
  readonly onProblem: (words: string) => void;
}): SeriesWriter {
  const { store, onProblem } = options;
  const series = new SeriesFolder({ ...options, experiment: null });
  let run: string | null = null;
  let running: PlanRun | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isTold = false;
  const write = async (manifest: RunManifest | undefined, isLast: boolean): Promise<void> => {
    try {
      const acts = running?.acts ?? null;
      const leased = acts === null || isLast ? null : (job: number) => acts.leasedOf(job);
      if (manifest !== undefined) await series.write(manifest, { leased, isLast });
    } catch (error) {
      if (!isTold) onProblem(`the folder of the series is not up to date: ${wordsOf(error)}`);
      isTold = true;
    }
  };
  const writing = new Turns();
  const keep = async (): Promise<void> => {
    const from = performance.now();
    await writing.take(async () =>
      write(
        (await store.runs()).find(({ id }) => id === run),
        false,
      ),
    );
    const tookMs = performance.now() - from;
    if (running !== null)
      timer = setTimeout(() => void keep(), Math.max(apartMs, apartTimes * tookMs)).unref();
  };
  return {
    listener(event: RunEvent) {
      if (event.type === "run-started") run = event.run;
    },
    attach(part) {
      running = part;
      clearTimeout(timer);
      timer = setTimeout(() => void keep(), 0).unref();
      return () => {
        running = null;
        clearTimeout(timer);
      };
    },
    async close(ended) {
      clearTimeout(timer);
      running = null;
      await writing.take(async () => write(ended ?? (await store.runs()).find(({ id }) => id === run), true));
      return series.path;
    },
  };
}

/** One after another. */
class Turns {
  #last: Promise<void> = Promise.resolve();

  take(turn: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(turn);
    return this.#last;
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
