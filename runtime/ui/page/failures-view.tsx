// What fails, where, by arm, and whether it biases.
import { useEffect, useMemo, useState } from "preact/hooks";
import type { FailureGroup, FailuresView as Failures } from "../detail-data.ts";
import { ask, lastOnly, Refused } from "./connection.ts";
import { Command } from "./copy.tsx";
import type { RunNow } from "./live-run.ts";
import { RetryButton } from "./retry.tsx";
import { href, isExported, place } from "./router.ts";
import { RunHead } from "./run-head.tsx";
import { armName, clock, int, percent, plural, visible } from "./words.ts";

export function FailuresView({ now }: { readonly now: RunNow }) {
  const experiment = place.value.query.get("experiment") ?? now.experiment;
  const [view, setView] = useState<Failures | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const newest = useMemo(lastOnly, []);
  const load = (): void => {
    newest(ask<Failures>(`/run/${now.run.id}/failures?${new URLSearchParams({ experiment })}`)).then(
      setView,
      (error: unknown) => setProblem(error instanceof Refused ? error.message : "the server does not answer"),
    );
  };
  useEffect(load, [now.run.id, experiment]);
  const job = now.moment.jobs.find((each) => each.stage === "trial" && each.experiment === experiment);
  const newer = view === null || job === undefined ? 0 : job.failed - view.failed;
  return (
    <>
      <RunHead now={now} tab="/failures" />
      {problem !== null && <p class="bad">{problem}</p>}
      {problem === null && view === null && (
        <p class="soft" aria-busy="true">
          Reading the causes
        </p>
      )}
      {view !== null && (
        <>
          <div class="facts">
            {[
              [int(view.failed), "failed trials"],
              [int(view.unmeasured - view.failed), "without a measurement otherwise"],
              [int(view.groups.length), view.groups.length === 1 ? "cause" : "causes"],
              [percent(view.failed / Math.max(1, view.done)), "of what ended failed"],
            ].map(([value, words]) => (
              <div key={words}>
                <b>{value}</b>
                <span class="soft">{words}</span>
              </div>
            ))}
            {newer !== 0 && (
              <div>
                <button type="button" class="newer" onClick={load}>
                  {newer > 0 ? `${int(newer)} newer` : `${int(-newer)} fewer`}: show
                </button>
              </div>
            )}
          </div>
          {view.uneven !== null && <p class="note">{visible(view.uneven)}</p>}
          {view.groups.length === 0 && (
            <div class="empty">
              <h2>Nothing failed</h2>
              <p>Causes appear here, grouped by what was thrown and where, numbers and ids left out.</p>
            </div>
          )}
          {view.groups.map((group) => (
            <Cause key={group.key} group={group} view={view} now={now} />
          ))}
          {view.others > 0 && <p class="soft">And {plural(view.others, "trial")} of further causes.</p>}
        </>
      )}
    </>
  );
}

function Cause({
  group,
  view,
  now,
}: {
  readonly group: FailureGroup;
  readonly view: Failures;
  readonly now: RunNow;
}) {
  const { kind, message, frame, count, byArm, examples, firstMs, lastMs, key } = group;
  const factors = now.run.experiments.find(({ name }) => name === view.experiment)?.factors ?? [];
  const [example = ""] = examples;
  const most = Math.max(...Object.values(byArm));
  const where = `cause="${key.replaceAll('"', "'")}"`;
  return (
    <article class="cause data" aria-label={visible(message)}>
      <div class="n">{int(count)}</div>
      <div>
        <h2>{visible(message) || kind}</h2>
        <p class="soft">
          <span class="chip failed">{kind}</span>
          {frame !== null && (
            <>
              {" "}
              at <code>{visible(frame)}</code>
            </>
          )}
          {firstMs !== null && `; first ${clock(firstMs)}`}
          {lastMs !== null && lastMs !== firstMs && `, last ${clock(lastMs)}`}
        </p>
        <ul class="byarm">
          {Object.entries(byArm).map(([arm, lost]) => (
            <li key={arm} style={{ "--s": String(lost / most) }}>
              {armName(view.conditions[Number(arm)] ?? {}, factors)} <b>{int(lost)}</b>
            </li>
          ))}
        </ul>
        <div class="acts">
          <Command text={`lab run --trial ${example} --inline`} words="Copy replay" />
          <a class="button" href={href(`/run/${now.run.id}/trial/${example}`)}>
            Open an example
          </a>
          {!isExported && kind.startsWith("failed") && (
            <RetryButton
              now={now}
              of={{ experiment: view.experiment, trial: null, cause: message }}
              count={count}
            />
          )}
          {!isExported && (
            <a
              class="button"
              href={href(
                `/run/${now.run.id}/trials?${new URLSearchParams({ where, experiment: view.experiment })}`,
              )}
            >
              All {int(count)}
            </a>
          )}
        </div>
      </div>
    </article>
  );
}
