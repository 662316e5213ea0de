// The first view of a run: how far, until when, how sure, what it costs, what is wrong.
import type { ComponentChildren } from "preact";
import type { RunMoment } from "../view-data.ts";
import { Arms } from "./arms.tsx";
import { StateChip } from "./chip.tsx";
import { Curve } from "./curve.tsx";
import { followRun, type RunNow } from "./live-run.ts";
import { go, href, isExported } from "./router.ts";
import { RunHead } from "./run-head.tsx";
import { SeriesMeans } from "./series-means.tsx";
import {
  armName,
  clock,
  day,
  duration,
  int,
  leftWords,
  num,
  percent,
  rate,
  used,
  usedName,
  visible,
} from "./words.ts";

export function Overview({ now }: { readonly now: RunNow }) {
  const { moment } = now;
  return (
    <>
      <RunHead now={now} tab="" />
      <Strip now={now} />
      <Choosers now={now} />
      <div class="grid">
        <div class="stack">
          <Arms now={now} />
          {moment.rule !== null && <Rule rule={moment.rule} />}
          <div class="two">
            <Curve now={now} />
            <Latest now={now} />
          </div>
          <SeriesMeans now={now} />
        </div>
        <Side now={now} />
      </div>
    </>
  );
}

function Strip({ now }: { readonly now: RunNow }) {
  const { moment, run } = now;
  const { counts, pace, status } = moment;
  const measured = counts.done - counts.failed - counts.otherwise;
  const parts = [
    ["reused", counts.reused, "reused"],
    ["measured", Math.max(0, measured - counts.reused), "measured"],
    ["failed", counts.failed, "failed"],
    ["cancelled", counts.otherwise + counts.interrupted, "without a measurement otherwise"],
  ] as const;
  const cancelled = moment.arms
    .filter(({ isCancelled }) => isCancelled)
    .reduce((sum, { total, done }) => sum + total - done, 0);
  const left = counts.total - counts.done - counts.interrupted - cancelled;
  return (
    <section class="strip data" aria-label="Progress">
      <div class="line">
        <div>
          <span class="big" data-value="done">
            {int(counts.done)}
          </span>
          <span class="soft"> of {int(counts.total)} trials</span>
        </div>
        {pace !== null && (
          <div>
            <span class="b">{leftWords(pace.lowMs, pace.highMs)}</span>
            <span class="soft"> {endsWords(pace)}</span>
          </div>
        )}
        {pace !== null && (
          <div>
            <span class="b">{rate(pace.perSecond)}</span>
            <span class="soft"> trials/s</span>
          </div>
        )}
        {pace === null && status === "running" && counts.done < counts.total && (
          <div>
            <span class="soft">no pace yet</span>
          </div>
        )}
        <div class="hide-s">
          <span class="b">
            {moment.finishedAt === null ? duration(moment.elapsedMs) : `took ${duration(moment.elapsedMs)}`}
          </span>
          <span class="soft"> since {day(run.startedAt, Date.now())}</span>
        </div>
      </div>
      <div class="bar" role="img" aria-label="share of trials by state">
        {parts.map(([kind, count]) => (
          <i key={kind} class={kind} style={{ "--w": String(count / Math.max(1, counts.total)) }} />
        ))}
      </div>
      <ul class="key">
        {parts.map(([kind, count, words]) =>
          count === 0 && kind !== "measured" ? null : (
            <li key={kind} class={kind}>
              {kind === "failed" ? (
                <a href={href(`/run/${run.id}/failures`)}>
                  {int(count)} {words}
                </a>
              ) : (
                `${int(count)} ${words}`
              )}
            </li>
          ),
        )}
        {cancelled > 0 && <li class="cancelled">{int(cancelled)} cancelled</li>}
        <li>{int(Math.max(0, left))} to come</li>
      </ul>
      <Stages moment={moment} />
    </section>
  );
}

function Stages({ moment }: { readonly moment: RunMoment }) {
  const stages = moment.jobs.filter(({ stage }) => stage !== "trial");
  if (stages.length === 0) return null;
  return (
    <p class="soft small">
      {stages
        .map(
          ({ experiment, stage, done, total, failed }) =>
            `${experiment} · ${stage}: ${int(done)} of ${int(total)}${failed > 0 ? `, ${int(failed)} failed` : ""}`,
        )
        .join("; ")}
    </p>
  );
}

function endsWords({ lowMs, highMs }: NonNullable<RunMoment["pace"]>): string {
  if (highMs === null || highMs < 60_000) return "";
  const [from, to] = [clock(Date.now() + lowMs).slice(0, 5), clock(Date.now() + highMs).slice(0, 5)];
  return from === to ? `ends ${to}` : `ends ${from} to ${to}`;
}

function Choosers({ now }: { readonly now: RunNow }) {
  const { run, experiment, metric } = now;
  const metrics = (run.experiments.find(({ name }) => name === experiment)?.metrics ?? []).filter(
    ({ type }) => type !== "category",
  );
  if (isExported || (run.experiments.length < 2 && metrics.length < 2)) return null;
  const choose = (next: { readonly experiment: string; readonly metric: string }): void => {
    go(`/run/${run.id}?${new URLSearchParams(next)}`, { replace: true });
    followRun(run.id, next.experiment, next.metric);
  };
  return (
    <div class="filters">
      {run.experiments.length > 1 && (
        <label class="soft">
          experiment{" "}
          <select
            value={experiment}
            onChange={(event) => choose({ experiment: event.currentTarget.value, metric: "" })}
          >
            {run.experiments.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      {metrics.length > 1 && (
        <label class="soft">
          metric{" "}
          <select
            value={metric ?? ""}
            onChange={(event) => choose({ experiment, metric: event.currentTarget.value })}
          >
            {metrics.map(({ name, unit }) => (
              <option key={name} value={name}>
                {name}
                {unit !== null && ` (${unit})`}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}

function Rule({ rule }: { readonly rule: NonNullable<RunMoment["rule"]> }) {
  const words = {
    open: `${int(rule.settled)} of ${int(rule.intervals.length)} are there after ${int(rule.replicates)} of at most ${int(rule.max)} replicates`,
    met: `met after ${int(rule.replicates)} replicates`,
    max: `not met; the largest number of ${int(rule.max)} replicates is reached`,
  }[rule.reason];
  return (
    <section class="rule" aria-labelledby="rule-title">
      <header>
        <h2 id="rule-title">Stops when</h2>
        <span class="soft">
          {rule.goal}: {words}
        </span>
      </header>
      <details>
        <summary>Its intervals</summary>
        <table class="data">
          <tbody>
            {rule.intervals.map(({ label, mean, low, high, isSettled }) => (
              <tr key={label}>
                <th scope="row">{visible(label)}</th>
                <td class="num">{num(mean)}</td>
                <td class="num">{low === null ? "" : `${num(low)} to ${num(high)}`}</td>
                <td>{isSettled ? "settled" : "open"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}

function Latest({ now }: { readonly now: RunNow }) {
  const { moment, run, experiment } = now;
  const factors = run.experiments.find(({ name }) => name === experiment)?.factors ?? [];
  return (
    <section class="rule" aria-labelledby="latest-title">
      <header>
        <h2 id="latest-title">Last ended</h2>
        <a class="push small" href={href(`/run/${run.id}/trials${isExported ? "" : "?sort=-ended"}`)}>
          all trials
        </a>
      </header>
      <div class="scroll data" tabIndex={0} role="region" aria-label="Table of the last ended">
        <table class="last">
          <tbody>
            {moment.latest.map(({ id, condition, outcome, value, durationMs }) => (
              <tr key={id}>
                <td>
                  <a class="mono" href={href(`/run/${run.id}/trial/${id}`)}>
                    {id.slice(0, 8)}
                  </a>
                </td>
                <td>{armName(condition, factors)}</td>
                <td>
                  <StateChip state={outcome} />
                </td>
                <td class="num">{typeof value === "number" ? num(value) : (value ?? "")}</td>
                <td class="num hide-s">{duration(durationMs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {moment.latest.length === 0 && <p class="soft">None yet.</p>}
    </section>
  );
}

function Side({ now }: { readonly now: RunNow }) {
  const { moment, run } = now;
  return (
    <div class="side stack data">
      {moment.used.length > 0 && (
        <Part title="Used">
          {moment.used.map(({ name, sum, perMinute, forecast }) => (
            <div key={name} class="meter">
              <span class="b">{usedName(name)}</span>
              <span>{used(name, sum)}</span>
              <span class="mnote">
                {perMinute !== null &&
                  `${used(name, perMinute < 100 ? perMinute : Math.round(perMinute))} a minute`}
                {forecast !== null &&
                  `; will end at ${used(name, forecast[0])} to ${used(name, forecast[1])}`}
              </span>
            </div>
          ))}
        </Part>
      )}
      <UnderWay now={now} />
      <Part
        title="Failures by cause"
        more={
          <a class="push small" href={href(`/run/${run.id}/failures`)}>
            all
          </a>
        }
      >
        {moment.causes.length === 0 ? (
          <p class="soft">None so far.</p>
        ) : (
          <ul class="causes">
            {moment.causes.map(({ key, message, kind, count, experiment }) => (
              <li key={key}>
                <span class="n">{int(count)}</span>
                <a
                  href={href(
                    `/run/${run.id}/failures${isExported ? "" : `?${new URLSearchParams({ experiment })}`}`,
                  )}
                >
                  {visible(message) || kind}
                </a>
              </li>
            ))}
          </ul>
        )}
      </Part>
      {moment.workers.length > 0 && (
        <Part title="Workers">
          {moment.workers.map((worker) => (
            <Worker key={worker.host} worker={worker} />
          ))}
        </Part>
      )}
      {moment.feed.length > 0 && (
        <Part title="What happened">
          <ul class="feed">
            {moment.feed.slice(0, 8).map(({ atMs, level, words }) => (
              <li key={`${atMs} ${words}`}>
                <time dateTime={new Date(atMs).toISOString()}>{clock(atMs)}</time>
                <span class={level === "warning" ? "bad" : undefined}>{visible(words)}</span>
              </li>
            ))}
          </ul>
        </Part>
      )}
      <Part title="Where it comes from">
        <dl>
          <dt>begun</dt>
          <dd>{day(run.startedAt, Date.now())}</dd>
          <dt>by</dt>
          <dd>
            <code>{visible(run.command)}</code>
          </dd>
          <dt>with</dt>
          <dd>labwright {run.labwright}</dd>
        </dl>
        {moment.counts.reused > 0 && (
          <p class="soft small">
            {percent(moment.counts.reused / moment.counts.done, 0)} of what ended was recorded by earlier
            runs.
          </p>
        )}
      </Part>
    </div>
  );
}

function Worker({ worker }: { readonly worker: RunMoment["workers"][number] }) {
  const { host, threads, memoryMb, labels, readings } = worker;
  const last = readings.at(-1);
  const labelWords = Object.entries(labels).map(([name, value]) => `${name} ${value}`);
  return (
    <div class="worker">
      <div class="sub">
        <span class="b">{visible(host)}</span>
        <span class="soft small">
          {last === undefined
            ? `${threads} ${threads === 1 ? "thread" : "threads"}`
            : `${int(last.running)} of ${int(threads)} busy`}
        </span>
      </div>
      {last !== undefined && (
        <>
          <Spark
            words={`CPU ${last.cpu === null ? "not known" : percent(last.cpu / threads, 0)}`}
            values={readings.map(({ cpu }) => cpu ?? 0)}
          />
          <Spark
            words={`memory ${int(last.memoryMb)} MB`}
            values={readings.map((reading) => reading.memoryMb)}
          />
        </>
      )}
      {(memoryMb !== null || labelWords.length > 0) && (
        <p class="soft small">
          {[
            ...(memoryMb === null ? [] : [`at most ${int(memoryMb)} MB of heap a thread`]),
            ...labelWords,
          ].join(", ")}
        </p>
      )}
    </div>
  );
}

/** The last minutes of a reading as a line, from zero. */
function Spark({ words, values }: { readonly words: string; readonly values: readonly number[] }) {
  const most = Math.max(...values, 1e-9) * 1.1;
  const points = values.map((value, index) => {
    const across = (index / Math.max(1, values.length - 1)) * 300;
    return `${across.toFixed(1)},${(33 - (value / most) * 31).toFixed(1)}`;
  });
  return (
    <>
      <div class="sub small soft">{words}</div>
      {values.length > 1 && (
        <svg class="spark" viewBox="0 0 300 34" preserveAspectRatio="none" role="img" aria-label={words}>
          <path class="area" d={`M${points.join("L")}L300,34L0,34Z`} />
          <path d={`M${points.join("L")}`} vector-effect="non-scaling-stroke" />
        </svg>
      )}
    </>
  );
}

/** Trials of many steps, and how far each is. */
function UnderWay({ now }: { readonly now: RunNow }) {
  const { underWay } = now.moment;
  const factors = now.run.experiments.find(({ name }) => name === now.experiment)?.factors ?? [];
  if (underWay.length === 0) return null;
  return (
    <Part title="Trials under way">
      {underWay.slice(0, 16).map(({ trial, condition, replicate, done, total, leftMs }) => (
        <div key={trial} class="meter">
          <a class="b" href={href(`/run/${now.run.id}/trial/${trial}`)}>
            {armName(condition, factors)}; {int(replicate)}
          </a>
          <span>{percent(done / Math.max(1, total), 0)}</span>
          <div class="track" role="img" aria-label={`${int(done)} of ${int(total)} steps`}>
            <i style={{ "--w": String(done / Math.max(1, total)) }} />
          </div>
          <span class="mnote">
            {int(done)} of {int(total)} steps{leftMs !== null && `, ${duration(leftMs)} left`}
          </span>
        </div>
      ))}
    </Part>
  );
}

function Part({
  title,
  more,
  children,
}: {
  readonly title: string;
  readonly more?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  const id = `part-${title.toLowerCase().replaceAll(" ", "-")}`;
  return (
    <section class="rule" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {more}
      </header>
      {children}
    </section>
  );
}
