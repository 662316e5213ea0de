// One trial: what happened, why, and how to run it again.
import { useEffect, useMemo, useReducer, useState } from "preact/hooks";
import type { TrialView as Trial } from "../detail-data.ts";
import { StateChip } from "./chip.tsx";
import { ask, lastOnly, link, Refused } from "./connection.ts";
import { Command, copyText } from "./copy.tsx";
import { Exchanges } from "./exchanges.tsx";
import { viewKeys } from "./keys.tsx";
import type { RunNow } from "./live-run.ts";
import { Plot } from "./plot.tsx";
import { RetryButton } from "./retry.tsx";
import { go, href } from "./router.ts";
import { RunHead } from "./run-head.tsx";
import { bytes, clock, duration, int, level, metricWords, num, used, usedName, visible } from "./words.ts";

const againMs = 2000;

export function TrialView({ now, id }: { readonly now: RunNow; readonly id: string }) {
  const [trial, setTrial] = useState<Trial | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [turn, endTurn] = useReducer((count: number) => count + 1, 0);
  const newest = useMemo(lastOnly, []);
  const load = (): Promise<void> =>
    newest(ask<Trial>(`/run/${now.run.id}/trial/${id}`))
      .then(setTrial, (error: unknown) => {
        if (!(error instanceof Refused)) return;
        setProblem(error.status === 404 ? `No trial of this run begins with ${id}.` : error.message);
      })
      .then(() => endTurn(0));
  useEffect(() => {
    setTrial(null);
    setProblem(null);
    void load();
  }, [id, now.run.id]);
  const { status } = now.moment;
  // What a trial under way says and asks is read again until it has ended, and a failed one in case it runs again: some time after each
  // answer, while somebody looks.
  const isOpen = trial?.kind !== "measured" && ["running", "pausing", "paused", "stopping"].includes(status);
  useEffect(() => {
    if (!isOpen || turn === 0) return;
    const isLooked = (): boolean => link.value === "open" && document.visibilityState === "visible";
    const timer = setTimeout(() => (isLooked() ? void load() : endTurn(0)), againMs);
    return () => clearTimeout(timer);
  }, [isOpen, id, turn]);
  // A run that has ended says the last of a trial that was under way.
  useEffect(() => {
    if (trial !== null && trial.kind !== "measured") void load();
  }, [status]);
  useEffect(() => {
    viewKeys.current = {
      c: () => void copyText(`lab run --trial ${id} --inline`).catch(() => undefined),
      Escape: () => go(`/run/${now.run.id}/trials`),
    };
    return () => {
      viewKeys.current = {};
    };
  }, [id]);
  return (
    <>
      <RunHead now={now} tab="/trials" />
      {problem !== null && (
        <div class="empty">
          <h2>No such trial here</h2>
          <p>
            {problem} <code>lab show {id}</code> looks in all runs.
          </p>
        </div>
      )}
      {problem === null && trial === null && (
        <p class="soft" aria-busy="true">
          Reading the record
        </p>
      )}
      {trial !== null && <Record trial={trial} now={now} />}
    </>
  );
}

function Record({ trial, now }: { readonly trial: Trial; readonly now: RunNow }) {
  const { experiment, id, kind } = trial;
  return (
    <div class="stack">
      <div class="head">
        <div>
          <div class="crumb">
            <a href={href(`/run/${now.run.id}/trials`)}>trials</a>
          </div>
          <h2 class="big">
            <span class="mono">{trial.id}</span> <StateChip state={trial.outcome} />
          </h2>
        </div>
        {kind === "failed" && <RetryButton now={now} of={{ experiment, trial: id, cause: null }} count={1} />}
      </div>
      <Facts
        trial={trial}
        metrics={now.run.experiments.find(({ name }) => name === experiment)?.metrics ?? []}
      />
      {trial.message !== null && <Failure trial={trial} />}
      <section class="rule" aria-labelledby="again-title">
        <header>
          <h2 id="again-title">Run it again, alone</h2>
        </header>
        <Command text={trial.replay} />
        <p class="soft small">Same seed and code; journalled answers are replayed, so it costs nothing.</p>
        {trial.branch !== null && (
          <>
            <Command text={trial.branch} />
            <p class="soft small">
              The same up to that exchange, then asked anew: another answer (--answer key=text) or parameter
              (-S name=value), as a run of its own.
            </p>
          </>
        )}
      </section>
      <div class="two">
        <section class="rule" aria-labelledby="parameters-title">
          <header>
            <h2 id="parameters-title">Parameters</h2>
          </header>
          <Pairs pairs={Object.entries(trial.condition ?? {}).map(([name, value]) => [name, level(value)])} />
        </section>
        <section class="rule" aria-labelledby="facts-title">
          <header>
            <h2 id="facts-title">Where it comes from</h2>
          </header>
          <Pairs
            pairs={[
              ...trial.facts,
              ...Object.entries(trial.used).map(([name, sum]) => [usedName(name), used(name, sum)] as const),
              ...trial.artifacts.map(
                ({ name, bytes: size, hash }) =>
                  [`artifact ${name}`, `${bytes(size)}, sha256 ${hash.slice(0, 12)}`] as const,
              ),
            ]}
          />
        </section>
      </div>
      <div class="two">
        {trial.series.map((series) => (
          <Series key={series.name} series={series} />
        ))}
        <Log trial={trial} />
      </div>
      {trial.value !== null && (
        <section class="rule" aria-labelledby="value-title">
          <header>
            <h2 id="value-title">What it returned</h2>
          </header>
          <pre tabIndex={0}>{visible(trial.value)}</pre>
        </section>
      )}
      {trial.exchanges.length > 0 && <Exchanges trial={trial} />}
    </div>
  );
}

function Facts({
  trial,
  metrics,
}: {
  readonly trial: Trial;
  readonly metrics: readonly { readonly name: string; readonly type: string }[];
}) {
  const facts = [
    ...Object.entries(trial.kind === "failed" ? {} : trial.metrics).map(
      ([name, value]) =>
        [metricWords(value, metrics.find((metric) => metric.name === name)?.type), name] as const,
    ),
    [tookWords(trial), "took"],
    [int(trial.replicate), `replicate of ${int(trial.replicates)}`],
    ...(trial.worker === null
      ? []
      : [[trial.worker, trial.attempt === 1 ? "first attempt" : `attempt ${trial.attempt}`] as const]),
  ] as const;
  return (
    <div class="facts">
      {facts.map(([value, words]) => (
        <div key={words}>
          <b>{visible(value)}</b>
          <span class="soft">{words}</span>
        </div>
      ))}
    </div>
  );
}

function tookWords({ durationMs, attempt }: Trial): string {
  if (durationMs !== null) return duration(durationMs);
  return attempt === null ? "not begun" : "an unknown time";
}

function Failure({ trial }: { readonly trial: Trial }) {
  const [first = ""] = (trial.message ?? "").split("\n");
  return (
    <section class="rule" aria-labelledby="failure-title">
      <header>
        <h2 id="failure-title" class="bad">
          {visible(first)}
        </h2>
      </header>
      {(trial.stack !== null || trial.message !== first) && (
        <pre tabIndex={0}>{visible(trial.stack ?? trial.message ?? "")}</pre>
      )}
    </section>
  );
}

function Pairs({ pairs }: { readonly pairs: readonly (readonly [string, string])[] }) {
  return (
    <dl>
      {pairs.map(([name, value]) => (
        <>
          <dt>{visible(name)}</dt>
          <dd>{visible(value)}</dd>
        </>
      ))}
    </dl>
  );
}

function Log({ trial }: { readonly trial: Trial }) {
  const start = trial.startedAtMs ?? trial.log[0]?.atMs ?? 0;
  return (
    <section class="rule" aria-labelledby="log-title">
      <header>
        <h2 id="log-title">Log</h2>
        <span class="soft">
          {int(trial.logLines)} {trial.logLines === 1 ? "line" : "lines"}
          {trial.logLines > trial.log.length && `, the last ${int(trial.log.length)}`}
        </span>
      </header>
      {trial.log.length === 0 ? (
        <p class="soft">It said nothing.</p>
      ) : (
        <pre tabIndex={0}>
          {trial.log.map(({ atMs, level: kind, text }, index) => (
            // Lines have no other name than their place.
            <span key={`${index} ${atMs}`} class={kind === "info" ? undefined : "hit"}>
              {atMs >= start ? ((atMs - start) / 1000).toFixed(3).padStart(9) : clock(atMs)} {visible(text)}
              {"\n"}
            </span>
          ))}
        </pre>
      )}
    </section>
  );
}

function Series({ series }: { readonly series: Trial["series"][number] }) {
  const names = Object.keys(series.columns);
  const [chosen, choose] = useState(names.at(-1) ?? "");
  const values = series.columns[chosen];
  const id = `series-${series.name}`;
  return (
    <section class="rule" aria-labelledby={id}>
      <header>
        <h2 id={id}>Series {visible(series.name)}</h2>
        <span class="soft">{int(series.rows)} rows</span>
        {names.length > 1 && (
          <select
            class="push"
            aria-label={`column of ${series.name}`}
            value={chosen}
            onChange={(event) => choose(event.currentTarget.value)}
          >
            {names.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        )}
      </header>
      {values === undefined ? (
        <p class="soft">It has no column of numbers.</p>
      ) : (
        <Plot
          height={200}
          lines={[
            {
              points: series.places.map((place, index) => [place, values[index] ?? null]),
              kind: "c0",
              isDotted: series.rows < 40,
            },
          ]}
          words={`${chosen} over ${int(series.rows)} rows, the last ${num(values.at(-1) ?? null)}`}
        />
      )}
    </section>
  );
}
