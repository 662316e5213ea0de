// How the interval of the chosen arm narrows as replicates become complete, with the means of the other arms behind it; and the same as a
// table. Asked for again when there are more complete replicates, not oftener than once a second.
import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import type { CurveView } from "../detail-data.ts";
import { chosenArm, colourOf } from "./arms.tsx";
import { ask } from "./connection.ts";
import type { RunNow } from "./live-run.ts";
import { theme } from "./theme.ts";
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
        <p class="soft">Not enough complete replicates yet.</p>
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
  const box = useRef<HTMLDivElement>(null);
  const [readout, setReadout] = useState("");
  const dark = theme.value;
  useEffect(() => {
    const holder = box.current;
    if (holder === null) return;
    const style = getComputedStyle(holder);
    const colourNamed = (variable: string): string => style.getPropertyValue(variable).trim();
    const plot = new uPlot(
      optionsOf({
        width: holder.clientWidth,
        colour: colourNamed("--c"),
        soft: colourNamed("--soft"),
        line: colourNamed("--hair"),
        idle: colourNamed("--idle"),
        view,
        arm,
        hover: (k) => {
          const point = view.arms[arm]?.points.find(([at]) => at >= k);
          setReadout(point === undefined ? "" : pointWords(point));
        },
      }),
      dataOf(view, arm),
      holder,
    );
    const watch = new ResizeObserver(() => plot.setSize({ width: holder.clientWidth, height: 236 }));
    watch.observe(holder);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [view, arm, dark]);
  const last = view.arms[arm]?.points.at(-1);
  return (
    <>
      <div
        ref={box}
        class={`chart data u-over c${colour}`}
        role="img"
        aria-label={`${name}: ${last === undefined ? "no interval yet" : pointWords(last)}`}
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

function dataOf(view: CurveView, arm: number): uPlot.AlignedData {
  const own = view.arms[arm]?.points ?? [];
  const places = own.map(([k]) => k);
  const others = view.arms
    .filter(({ index, points }) => index !== arm && points.length > 0)
    .slice(0, 40)
    .map(({ points }) => {
      const at = new Map(points.map(([k, mean]) => [k, mean]));
      return places.map((k) => at.get(k) ?? null);
    });
  return [
    places,
    own.map(([, , low]) => low),
    own.map(([, , , high]) => high),
    ...others,
    own.map(([, mean]) => mean),
  ];
}

function optionsOf(of: {
  readonly width: number;
  readonly colour: string;
  readonly soft: string;
  readonly line: string;
  readonly idle: string;
  readonly view: CurveView;
  readonly arm: number;
  readonly hover: (k: number) => void;
}): uPlot.Options {
  const { width, colour, soft, line, idle, view, arm, hover } = of;
  const others = Math.min(
    40,
    view.arms.filter(({ index, points }) => index !== arm && points.length > 0).length,
  );
  const axis = {
    stroke: soft,
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
    font: "11px system-ui",
  };
  const edge = { stroke: colour, width: 1, alpha: 0.6, points: { show: false } };
  return {
    width,
    height: 236,
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: { x: { time: false, range: [0, Math.max(2, view.planned)] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? int(tick) : "")),
      },
      { ...axis, size: 56, values: (_, ticks) => ticks.map((tick) => num(tick, 2)) },
    ],
    series: [
      {},
      edge,
      edge,
      ...Array.from({ length: others }, () => ({ stroke: idle, width: 1, points: { show: false } })),
      { stroke: colour, width: 2, points: { show: false } },
    ],
    bands: [{ series: [2, 1], fill: `color-mix(in srgb, ${colour} 17%, transparent)` }],
    hooks: {
      setCursor: [
        (plot) =>
          hover(
            plot.cursor.left == null || plot.cursor.left < 0
              ? Number.POSITIVE_INFINITY
              : plot.posToVal(plot.cursor.left, "x"),
          ),
      ],
    },
  };
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
