// The head of a run on all its views: which run, its state, what can be done to it, and its tabs.
import { act, asking, refusal, shutWords } from "./acts.ts";
import { announce } from "./announce.ts";
import { Button } from "./button.tsx";
import { Chip } from "./chip.tsx";
import { ask } from "./connection.ts";
import { askFirst } from "./dialog.tsx";
import type { RunNow } from "./live-run.ts";
import { project } from "./project.ts";
import { isUnderWay, RetryWords } from "./retry.tsx";
import { go, href, isExported } from "./router.ts";
import { int, plural } from "./words.ts";

export function RunHead({ now, tab }: { readonly now: RunNow; readonly tab: string }) {
  const { run, moment } = now;
  const of = run.experiments.find(({ name }) => name === now.experiment);
  const tabs = [
    ["", "Overview", "", ""],
    ["/trials", "Trials", int(moment.counts.total), ""],
    ["/failures", "Failures", int(moment.counts.failed), moment.counts.failed > 0 ? "bad" : ""],
    ["/report", "Report", "", ""],
  ] as const;
  return (
    <>
      <div class="head">
        <div>
          <div class="crumb">
            <a href={href("/")}>runs</a> / {run.experiments.map(({ name }) => name).join(", ")}
            {run.commit !== null && (
              <>
                {" "}
                / commit <code>{run.commit.slice(0, 7)}</code>
                {run.isDirty === true && " with changes"}
              </>
            )}
          </div>
          <h1>
            {run.name ?? run.id} <Chip status={moment.status} />
          </h1>
          <p class="soft">{of?.question ?? of?.file ?? ""}</p>
        </div>
        {!isExported && <Buttons now={now} />}
      </div>
      {refusal.value !== null && (
        <p class="note" role="alert">
          {refusal.value}
        </p>
      )}
      <nav class="tabs" aria-label="This run">
        {tabs.map(([to, words, count, tone]) => (
          <a key={to} href={href(`/run/${run.id}${to}`)} aria-current={tab === to ? "page" : undefined}>
            {words} {count !== "" && <span class={`count ${tone}`}>{count}</span>}
          </a>
        ))}
      </nav>
    </>
  );
}

function Buttons({ now }: { readonly now: RunNow }) {
  const { moment, run } = now;
  const { status, counts } = moment;
  if (!isUnderWay(now))
    return (
      <div class="acts">
        {counts.failed > 0 && (
          <Button onClick={() => retryFailed(now)} shut={shutToStart()}>
            Retry {int(counts.failed)} failed
          </Button>
        )}
        {(counts.done < counts.total || status === "killed") && (
          <Button onClick={() => goOn(run)} shut={shutToStart()} isMain>
            Go on
          </Button>
        )}
      </div>
    );
  const shut = shutWords();
  const { slots, asked, most } = moment.room;
  const isSetting = asking.value.includes("workers");
  return (
    <div class="acts">
      {moment.workers.length > 0 && (
        <div class="stepper" role="group" aria-label="Workers">
          <Button
            label="fewer workers"
            shut={asked < 2 ? "one is left" : shut}
            isBusy={isSetting}
            onClick={() => void act({ do: "workers", count: asked - 1 }, "one worker less")}
          >
            −
          </Button>
          <span>{workersWords(moment.room)}</span>
          <Button
            label="more workers"
            shut={most !== null && slots >= most.workers ? `all are at work; for more: ${most.by}` : shut}
            isBusy={isSetting}
            onClick={() => void act({ do: "workers", count: asked + 1 }, "one worker more")}
          >
            +
          </Button>
        </div>
      )}
      {status === "paused" || status === "pausing" ? (
        <Button
          shut={shut}
          onClick={() => void act({ do: "unpause" }, "the run goes on")}
          isBusy={asking.value.includes("unpause")}
        >
          {status === "pausing" ? "Pausing: go on" : "Go on"}
        </Button>
      ) : (
        <Button
          shut={status === "stopping" ? "the run is stopping" : shut}
          onClick={() => void act({ do: "pause" }, "pause asked for")}
          isBusy={asking.value.includes("pause")}
        >
          Pause
        </Button>
      )}
      <Button
        shut={shut}
        onClick={() => (status === "stopping" ? askStopNow() : askStop(now))}
        isBusy={asking.value.includes("drain") || asking.value.includes("stop")}
      >
        {status === "stopping" ? "Stop now" : "Stop after running trials"}
      </Button>
    </div>
  );
}

/** How many work, of how many there are or how many were asked for. */
function workersWords({ slots, asked, most }: RunNow["moment"]["room"]): string {
  if (most !== null && slots < most.workers) return `${int(slots)} of ${plural(most.workers, "worker")}`;
  return `${plural(slots, "worker")}${asked > slots ? `, ${int(asked)} asked for` : ""}`;
}

function askStop({ moment, run }: RunNow): void {
  const left = moment.counts.total - moment.counts.done;
  askFirst({
    title: "Stop after the running trials?",
    body: (
      <ul>
        <li>Trials under way end and are recorded.</li>
        <li>
          Up to {int(left)} that have not ended stay as they are; <code>{run.command}</code> goes on later,
          also from this page.
        </li>
        <li>The same as one Ctrl-C. Nothing recorded is lost.</li>
      </ul>
    ),
    act: { words: "Stop", isDanger: true, does: () => void act({ do: "drain" }, "stop asked for") },
  });
}

function askStopNow(): void {
  askFirst({
    title: "Stop now?",
    body: (
      <p>
        Trials under way are cut off: what they have done since their last checkpoint is lost, and they run
        again later. What is recorded stays.
      </p>
    ),
    act: { words: "Stop now", isDanger: true, does: () => void act({ do: "stop" }, "stop asked for") },
  });
}

function shutToStart(): string | null {
  if (project.value?.readOnly === true) return "this link is read-only";
  return project.value?.runs.some(({ status }) => status === "running") === true
    ? "another run is under way"
    : null;
}

function retryFailed(now: RunNow): void {
  const { moment, run } = now;
  const { failed } = moment.counts;
  askFirst({
    title: `Run ${plural(failed, "failed trial")} again?`,
    body: <RetryWords now={now} count={failed} />,
    act: { words: `Retry ${int(failed)}`, does: () => void start(run, true) },
  });
}

function goOn(run: RunNow["run"]): void {
  void start(run, false);
}

/** Starts what is left of a run's experiment, as the plan has it now. */
async function start(run: RunNow["run"], retryErrors: boolean): Promise<void> {
  const [experiment] = run.experiments.map(({ name }) => name);
  const query = new URLSearchParams({ experiment: experiment ?? "", retry: String(retryErrors) });
  try {
    const { build, problem } = await ask<{ readonly build: string; readonly problem: string | null }>(
      `/plan?${query}`,
    );
    if (problem !== null) throw new Error(problem);
    const asked = {
      experiment: experiment ?? "",
      filter: {},
      limit: null,
      jobs: null,
      budgetUsd: null,
      retryErrors,
      build,
    };
    await ask("/plan", asked);
    announce("begun from the page");
    go("/");
  } catch (error) {
    refusal.value = `Not done: ${error instanceof Error ? error.message : String(error)}`;
  }
}
