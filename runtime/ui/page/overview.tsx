// The first view of a run: how far, until when, how sure, what it costs, what is wrong.
import type { RunMoment } from "../view-data.ts";
import { Arms } from "./arms.tsx";
import { StateChip } from "./chip.tsx";
import { Curve } from "./curve.tsx";
import { followRun, type RunNow } from "./live-run.ts";
import { go, href, isExported } from "./router.ts";
import { RunHead } from "./run-head.tsx";
import { SeriesMeans } from "./series-means.tsx";
import { Side } from "./side.tsx";
import { armName, clock, day, duration, int, leftWords, num, rate, visible } from "./words.ts";

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
            <span class="soft">
              {" "}
              trials/s{moment.limitedBy !== null && `, held to it by ${moment.limitedBy}`}
            </span>
          </div>
        )}
        {pace === null && status === "running" && counts.done < counts.total && (
          <div>
            <span class="soft">
              no pace yet{moment.limitedBy !== null && `, held up by ${moment.limitedBy}`}
            </span>
          </div>
        )}
        <div class="hide-s">
          <span class="b">{tookWords(moment)}</span>
          <span class="soft">
            {" "}
            {run.startedAt === null ? "at an unknown time" : `since ${day(run.startedAt, Date.now())}`}
          </span>
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

function tookWords({ finishedAt, elapsedMs }: RunMoment): string {
  if (elapsedMs === null) return "took an unknown time";
  return finishedAt === null ? duration(elapsedMs) : `took ${duration(elapsedMs)}`;
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
