// How the interval of the chosen arm narrows as replicates become complete, with the means of the other arms behind it; and the same as a
// table. Asked for again when there are more complete replicates, not oftener than once a second.
import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import type { CurveView } from "../detail-data.ts";
import { chosenArm, colourOf } from "./arms.tsx";
import { ask } from "./connection.ts";
import type { RunNow } from "./live-run.ts";
import { Plot, type PlotLine } from "./plot.tsx";
import { armName, int, num } from "./words.ts";

const curve = signal<{ readonly key: string; readonly view: CurveView } | null>(null);
const everyMs = 1000;

export function Curve({ now }: { readonly now: RunNow }) {
  const { run, experiment, metric, moment } = now;
  const complete = moment.intervals?.complete ?? 0;
  const key = `${run.id} ${experiment} ${metric}`;
  const last = useRef({ key: "", complete: -1, at: Number.NEGATIVE_INFINITY });
  useEffect(() => {
    if (metric === null || (last.current.key === key && last.current.complete === complete)) return;
    const wait = last.current.key === key ? Math.max(0, last.current.at + everyMs - performance.now()) : 0;
    const timer = setTimeout(() => {
      last.current = { key, complete, at: performance.now() };
      const query = new URLSearchParams({ experiment, metric });
      ask<CurveView>(`/run/${run.id}/curve?${query}`).then(
        (view) => {
          curve.value = { key, view };
        },
        () => undefined, // The stream says that nobody answers.
      );
    }, wait);
    return () => clearTimeout(timer);
  }, [key, complete]);
  const factors = run.experiments.find(({ name }) => name === experiment)?.factors ?? [];
  const shown = curve.value?.key === key ? curve.value.view : null;
  const arm = moment.arms.find(({ index }) => index === chosenArm.value) ?? moment.arms[0];
  if (metric === null || arm === undefined) return null;
  return (
    <section class="rule" aria-labelledby="curve-title">
      <header>
        <h2 id="curve-title">{metric} as replicates arrive</h2>
        <select
          aria-label="arm"
          class="push"
          value={String(arm.index)}
          onChange={(event) => (chosenArm.value = Number(event.currentTarget.value))}
        >
          {moment.arms.map(({ index, condition }) => (
            <option key={index} value={String(index)}>
              {armName(condition, factors)}
            </option>
          ))}
        </select>
      </header>
      {shown === null || (shown.arms[arm.index]?.points.length ?? 0) < 2 ? (
        <p class="soft">Too few complete replicates for an interval that may be watched.</p>
      ) : (
        <Chart
          view={shown}
          arm={arm.index}
          colour={colourOf(arm.condition, factors, moment.arms)}
          name={armName(arm.condition, factors)}
        />
      )}
      {shown !== null && <Table view={shown} arm={arm.index} />}
    </section>
  );
}

function Chart({
  view,
  arm,
  colour,
  name,
}: {
  readonly view: CurveView;
  readonly arm: number;
  readonly colour: number;
  readonly name: string;
}) {
  const [readout, setReadout] = useState("");
  const last = view.arms[arm]?.points.at(-1);
  return (
    <>
      <Plot
        height={236}
        across={[0, Math.max(2, view.planned)]}
        lines={linesOf(view, arm, colour)}
        band={{
          kind: `c${colour}`,
          // An interval of which nothing is left has no band.
          points: (view.arms[arm]?.points ?? [])
            .filter(([, , low, high]) => low <= high)
            .map(([k, , low, high]) => [k, low, high]),
        }}
        words={`${name}: ${last === undefined ? "no interval yet" : pointWords(last)}`}
        onHover={(k) => {
          const point = k === null ? undefined : view.arms[arm]?.points.find(([at]) => at >= k);
          setReadout(point === undefined ? "" : pointWords(point));
        }}
      />
      <div class="readout" aria-hidden="true">
        {readout || "Replicates complete in every arm; grey: means of the other arms."}
      </div>
    </>
  );
}

function pointWords([k, mean, low, high]: CurveView["arms"][number]["points"][number]): string {
  return `after ${int(k)} complete replicates ${num(mean)}, from ${num(low)} to ${num(high)}`;
}

/** The means of the other arms, then the chosen one's. */
function linesOf(view: CurveView, arm: number, colour: number): readonly PlotLine[] {
  const others = view.arms.filter(({ index, points }) => index !== arm && points.length > 0).slice(0, 40);
  const means = (points: CurveView["arms"][number]["points"]): PlotLine["points"] =>
    points.map(([k, mean]) => [k, mean]);
  return [
    ...others.map(({ points }) => ({ points: means(points), kind: "mut" })),
    { points: means(view.arms[arm]?.points ?? []), kind: `c${colour}` },
  ];
}

function Table({ view, arm }: { readonly view: CurveView; readonly arm: number }) {
  const points = view.arms[arm]?.points ?? [];
  const step = Math.max(1, Math.ceil(points.length / 10));
  const rows = points.filter((_, index) => index % step === 0 || index === points.length - 1);
  return (
    <details>
      <summary>As a table</summary>
      <table>
        <thead>
          <tr>
            {["complete replicates", "mean", "from", "to"].map((words) => (
              <th key={words} scope="col" class="num">
                {words}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([k, mean, low, high]) => (
            <tr key={k}>
              <td class="num">{int(k)}</td>
              <td class="num">{num(mean)}</td>
              <td class="num">{num(low)}</td>
              <td class="num">{num(high)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
