// One host of a run: its threads, its processor and its memory over the last minutes.
import type { RunMoment } from "../view-data.ts";
import { int, percent, plural, visible } from "./words.ts";

export function Worker({
  worker,
  isOver,
}: {
  readonly worker: RunMoment["workers"][number];
  /** What was told last is not what is so now: only the most of it stands. */
  readonly isOver: boolean;
}) {
  const { host, threads, memoryMb, labels, readings, each, most } = worker;
  const last = readings.at(-1);
  const atMost = (now: number | null, peak: number | null, words: (value: number) => string): string =>
    peak === null
      ? "not known"
      : [...(isOver || now === null ? [] : [words(now)]), `at most ${words(peak)}`].join(", ");
  const labelWords = Object.entries(labels).map(([name, value]) => `${name} ${value}`);
  return (
    <div class="worker">
      <div class="sub">
        <span class="b">{visible(host)}</span>
        <span class="soft small">
          {last === undefined || isOver
            ? plural(threads, "thread")
            : last.running > threads
              ? `${int(last.running)} under way in ${plural(threads, "thread")}`
              : `${int(last.running)} of ${int(threads)} busy`}
        </span>
      </div>
      {last !== undefined && (
        <>
          <Spark
            words={`CPU ${atMost(last.cpu, most.cpu, (cores) => percent(cores / threads, 0))}`}
            values={readings.map(({ cpu }) => cpu ?? 0)}
          />
          <Spark
            words={`memory ${atMost(last.memoryMb, most.memoryMb, (mb) => `${int(mb)} MB`)}`}
            values={readings.map((reading) => reading.memoryMb)}
          />
        </>
      )}
      {each.length > 0 && !isOver && <Threads each={each} />}
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

/** What each thread takes; folded where they are many. */
function Threads({ each }: { readonly each: RunMoment["workers"][number]["each"] }) {
  return (
    <details open={each.length <= 4}>
      <summary class="small soft">{plural(each.length, "thread")}</summary>
      <table class="threads small">
        <thead>
          <tr>
            <th scope="col">thread</th>
            <th scope="col" class="num">
              CPU
            </th>
            <th scope="col" class="num">
              holds
            </th>
            <th scope="col" class="num">
              trials
            </th>
          </tr>
        </thead>
        <tbody>
          {each.map(({ worker, cpu, heldMb, running }) => (
            <tr key={worker}>
              <th scope="row">{visible(worker.slice(worker.lastIndexOf("/") + 1))}</th>
              <td class="num">{cpu === null ? "none yet" : percent(cpu, 0)}</td>
              <td class="num">{int(heldMb)} MB</td>
              <td class="num">{int(running)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
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
