// One host of a run: its threads, its processor and its memory over the last minutes.
import type { RunMoment } from "../view-data.ts";
import { int, percent, plural, visible } from "./words.ts";

export function Worker({ worker }: { readonly worker: RunMoment["workers"][number] }) {
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
            : last.running > threads
              ? `${int(last.running)} under way in ${plural(threads, "thread")}`
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
