// `lab watch [run]`: where a run stands, as it changes: redrawn on a terminal, a line every few seconds in a pipe, JSON lines for programs.
import { createLogUpdate } from "log-update";
import type { Heard } from "../../control/control-client.ts";
import { beforeRun, type RunState, runStateAfter } from "../../live/run-state.ts";
import { openStore } from "../../store/project-store.ts";
import type { RunManifest } from "../../store/store.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { type Followed, followRun } from "../followed-run.ts";
import { liveRun, notRunning } from "../live-run.ts";
import { flag, projectRoot } from "../options.ts";
import { say } from "../terminal/say.ts";
import { watchLine, watchLines } from "../terminal/watch-lines.ts";
import { countWords, durationWords } from "../terminal/words.ts";

const drawEveryMs = 250;
const lineEveryMs = 5000;

export const handle: CommandHandler = async ([reference], options) => {
  const store = openStore(projectRoot(options));
  const { run, client } = await liveRun(store, reference ?? null);
  const leave = new AbortController();
  const onSignal = (): void => leave.abort();
  process.once("SIGINT", onSignal);
  const view = flag(options, "json") ? jsonView() : process.stdout.isTTY ? liveView() : lineView();
  try {
    const followed = await followRun({ store, run, client, hear: view.hear, signal: leave.signal });
    view.end();
    return endOf(followed, run, { json: flag(options, "json") });
  } finally {
    view.end();
    process.off("SIGINT", onSignal);
  }
};

interface View {
  hear(heard: Heard): void;
  end(): void;
}

function jsonView(): View {
  return {
    hear: (heard) => void process.stdout.write(`${JSON.stringify(heard)}\n`),
    end: () => undefined,
  };
}

function liveView(): View {
  const live = createLogUpdate(process.stdout);
  const limits = (): { columns: number; rows: number } => ({
    columns: process.stdout.columns || 80,
    rows: (process.stdout.rows ?? 24) - 1,
  });
  return drawnView(drawEveryMs, {
    draw: (state) => live(watchLines(state, Date.now(), limits()).join("\n")),
    end: () => live.done(),
  });
}

function lineView(): View {
  return drawnView(lineEveryMs, {
    draw: (state) => say(process.stdout, watchLine(state, Date.now())),
    end: () => undefined,
  });
}

/** Draws at the first word, at steady times, and at the end. */
function drawnView(
  everyMs: number,
  to: { readonly draw: (state: RunState) => void; readonly end: () => void },
): View {
  let state = beforeRun;
  let isEnded = false;
  let isFirst = true;
  const timer = setInterval(() => to.draw(state), everyMs);
  return {
    hear(heard) {
      state = "state" in heard ? heard.state : runStateAfter(state, heard.event, Date.now());
      if (isFirst || state.phase === "ended") to.draw(state);
      isFirst = false;
    },
    end() {
      if (isEnded) return;
      isEnded = true;
      clearInterval(timer);
      to.end();
    },
  };
}

function endOf(followed: Followed, run: RunManifest, { json }: { readonly json: boolean }): number {
  if (followed === "left") return exitCode.done;
  if (followed === "gone") throw notRunning({ ...run, status: "running" });
  if (json) return exitCode.done;
  if (followed === "over") say(process.stderr, `${run.id} has ended; next: lab status ${run.id}`);
  else {
    const { status, remaining, durationMs, next } = followed;
    const left = remaining > 0 ? `, ${countWords(remaining)} left` : "";
    say(process.stderr, `${run.id} ${status} after ${durationWords(durationMs)}${left}; next: ${next}`);
  }
  return exitCode.done;
}
