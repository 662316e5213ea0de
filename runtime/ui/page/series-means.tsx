// The mean of a series by its rows, an arm a line: asked for again as replicates become complete, not oftener than every three seconds.
import { useEffect, useRef, useState } from "preact/hooks";
import type { SeriesView } from "../view-data.ts";
import { colourOf } from "./arms.tsx";
import { ask } from "./connection.ts";
import type { RunNow } from "./live-run.ts";
import { Plot } from "./plot.tsx";
import { isExported } from "./router.ts";
import { armName, int, num, visible } from "./words.ts";

const everyMs = 3000;
const linesMax = 24;
const dashes = [[], [6, 3], [2, 3], [8, 3, 2, 3]];

export function SeriesMeans({ now }: { readonly now: RunNow }) {
  const { run, experiment, moment } = now;
  const names = run.experiments.find(({ name }) => name === experiment)?.series ?? [];
  const [chosen, choose] = useState({ series: names[0] ?? "", column: "" });
  const [view, setView] = useState<SeriesView | null>(null);
  const wanted = useRef(chosen);
  wanted.current = chosen;
  const askedAt = useRef(Number.NEGATIVE_INFINITY);
  const complete = moment.intervals?.complete ?? 0;
  useEffect(() => {
    if (chosen.series === "" || isExported) return;
    const wait =
      view?.series === chosen.series ? Math.max(0, askedAt.current + everyMs - performance.now()) : 0;
    const timer = setTimeout(() => {
      askedAt.current = performance.now();
      ask<SeriesView>(`/run/${run.id}/series?${new URLSearchParams({ experiment, ...chosen })}`).then(
        // Another series may have been chosen since.
        (made) => wanted.current === chosen && setView(made),
        () => setView(null), // The stream says when nobody answers.
      );
    }, wait);
    return () => clearTimeout(timer);
  }, [run.id, experiment, chosen.series, chosen.column, complete]);
  if (names.length === 0 || view === null || view.arms.every(({ points }) => points.length === 0))
    return null;
  return (
    <section class="rule" aria-labelledby="means-title">
      <header>
        <h2 id="means-title">{visible(view.column)} by row</h2>
        <span class="soft">
          series {visible(view.series)}, means over {int(view.complete)} complete replicates
        </span>
        <span class="push">
          {names.length > 1 && (
            <select
              aria-label="series"
              value={chosen.series}
              onChange={(event) => choose({ series: event.currentTarget.value, column: "" })}
            >
              {names.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          )}{" "}
          {view.columns.length > 1 && (
            <select
              aria-label="column of the series"
              value={view.column}
              onChange={(event) => choose({ ...chosen, column: event.currentTarget.value })}
            >
              {view.columns.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          )}
        </span>
      </header>
      <Lines now={now} view={view} />
    </section>
  );
}

function Lines({ now, view }: { readonly now: RunNow; readonly view: SeriesView }) {
  const factors = now.run.experiments.find(({ name }) => name === now.experiment)?.factors ?? [];
  const { arms } = now.moment;
  const shown = view.arms.filter(({ points }) => points.length > 0).slice(0, linesMax);
  const lines = shown.map(({ index, points }) => {
    const condition = arms.find((arm) => arm.index === index)?.condition ?? {};
    const colour = colourOf(condition, factors, arms);
    const earlier = shown.filter(
      (other) =>
        other.index < index &&
        colourOf(arms.find((arm) => arm.index === other.index)?.condition ?? {}, factors, arms) === colour,
    );
    return {
      index,
      points,
      colour,
      dash: dashes[earlier.length % dashes.length] ?? [],
      name: armName(condition, factors),
    };
  });
  const words = lines.map(({ name, points }) => `${name} ${num(points.at(-1)?.[1] ?? null)}`).join("; ");
  return (
    <>
      <Plot
        height={220}
        lines={lines.map(({ points, colour, dash }) => ({ points, kind: `c${colour}`, dash }))}
        words={`at the last row: ${words}`}
      />
      <ul class="legend">
        {lines.map(({ index, colour, dash, name }) => (
          <li key={index} class={`c${colour}`}>
            <svg viewBox="0 0 24 8" width="24" height="8" aria-hidden="true">
              <line class="ln" x1="0" x2="24" y1="4" y2="4" stroke-dasharray={dash.join(" ")} />
            </svg>{" "}
            {name}
          </li>
        ))}
      </ul>
    </>
  );
}
