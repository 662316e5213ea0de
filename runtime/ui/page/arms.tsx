// The arms of an experiment: how far each is, and its mean with the interval that may be watched, all on one axis that does not jump.
import { signal } from "@preact/signals";
import type { Arm, RunMoment } from "../view-data.ts";
import { act, shutWords } from "./acts.ts";
import { askFirst } from "./dialog.tsx";
import type { RunNow } from "./live-run.ts";
import { isExported } from "./router.ts";
import { armName, int, level, num, percent, used } from "./words.ts";

/** The arm whose curve is shown, by its index. */
export const chosenArm = signal(0);

/** One domain for all arms: it widens at once and never narrows, so that an interval is seen to narrow. */
let domain: { readonly key: string; readonly low: number; readonly high: number } | null = null;

export function Arms({ now }: { readonly now: RunNow }) {
  const { moment, metric, run, experiment } = now;
  const facts = run.experiments.find(({ name }) => name === experiment);
  const factors = facts?.factors ?? [];
  // A column of nothing but zeros takes the room of one that says something.
  const cost =
    facts?.used.find((name) => /usd$/i.test(name) && moment.arms.some((arm) => (arm.used[name] ?? 0) > 0)) ??
    null;
  const emptied = moment.arms.filter(isEmptied).length;
  const axis = metric === null ? null : domainOf(`${run.id} ${experiment} ${metric}`, moment.arms);
  const intervals = moment.intervals;
  return (
    <section class="rule" aria-labelledby="arms-title">
      <header>
        <h2 id="arms-title">Arms</h2>
        {intervals !== null && (
          <span class="soft">
            {metric}, {completeWords(intervals.complete)}
            {intervals.waiting > 0 && `; ${int(intervals.waiting)} further trials wait for theirs`}
          </span>
        )}
      </header>
      <div class="scroll" tabIndex={0} role="region" aria-label="Table of arms">
        <table class="arms data">
          <Head factors={factors} axis={axis} metric={metric} intervals={intervals} cost={cost} />
          <tbody>
            {moment.arms.map((arm, place) => (
              <ArmRow
                key={arm.index}
                now={now}
                arm={arm}
                before={moment.arms[place - 1]}
                axis={axis}
                factors={factors}
                cost={cost}
              />
            ))}
          </tbody>
        </table>
      </div>
      {moment.armCount > moment.arms.length && (
        <p class="soft">
          The first {int(moment.arms.length)} of {int(moment.armCount)} arms; the trials have them all.
        </p>
      )}
      {emptied > 0 && (
        <p class="note" role="note">
          {emptied === 1 ? "The interval of an arm is" : `The intervals of ${int(emptied)} arms are`} empty:
          what was sure after few replicates is ruled out by later ones. Values change with the number of the
          replicate, so something is carried from trial to trial, or the random streams are not used.
        </p>
      )}
      {intervals !== null && (
        <p class="soft small">
          Intervals are confidence sequences ({intervals.method}): together they hold with{" "}
          {percent(intervals.together, 0)} at every look, so watching them changes nothing. Pale: at a quarter
          of the replicates. The report's intervals are narrower; they take the number of replicates as fixed.
        </p>
      )}
    </section>
  );
}

interface Axis {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

function Head(of: {
  readonly factors: readonly string[];
  readonly axis: Axis | null;
  readonly metric: string | null;
  readonly intervals: RunMoment["intervals"];
  readonly cost: string | null;
}) {
  const { factors, axis, metric, intervals, cost } = of;
  return (
    <thead>
      <tr>
        {factors.length === 0 ? (
          <th scope="col">condition</th>
        ) : (
          factors.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))
        )}
        <th scope="col">done</th>
        <th scope="col" class="num hide-m">
          trials
        </th>
        {axis !== null && (
          <th scope="col" class="plot">
            <span class="vh">interval</span>
            <AxisTicks axis={axis} />
          </th>
        )}
        {metric !== null && (
          <th scope="col" class="num">
            {metric}
          </th>
        )}
        {intervals !== null && (
          <th scope="col" class="num hide-s">
            {percent(intervals.together, 0)}
          </th>
        )}
        <th scope="col" class="num">
          failed
        </th>
        {cost !== null && (
          <th scope="col" class="num hide-s">
            cost
          </th>
        )}
        {!isExported && (
          <th scope="col" class="hide-s">
            <span class="vh">action</span>
          </th>
        )}
      </tr>
    </thead>
  );
}

function ArmRow(of: {
  readonly now: RunNow;
  readonly arm: Arm;
  readonly before: Arm | undefined;
  readonly axis: Axis | null;
  readonly factors: readonly string[];
  readonly cost: string | null;
}) {
  const { now, arm, before, axis, factors, cost } = of;
  const { moment } = now;
  const name = armName(arm.condition, factors);
  const isFirst = factors.length < 2 || before?.condition[factors[0]!] !== arm.condition[factors[0]!];
  return (
    <tr
      class={`${isFirst ? "first" : ""}${arm.isCancelled ? " off" : ""}`}
      data-chosen={chosenArm.value === arm.index ? "" : undefined}
      onClick={() => (chosenArm.value = arm.index)}
    >
      <th scope="row">
        <button
          type="button"
          class="armbtn"
          aria-label={`show the curve of ${name}`}
          aria-pressed={chosenArm.value === arm.index}
        >
          <i class={`sw c${colourOf(arm.condition, factors, moment.arms)}`} aria-hidden="true" />
          <span class={isFirst ? "b" : "soft"}>
            {factors.length === 0 ? "the only one" : level(arm.condition[factors[0]!])}
          </span>
        </button>
      </th>
      {factors.slice(1).map((factor) => (
        <td key={factor}>{factor in arm.condition ? level(arm.condition[factor]) : ""}</td>
      ))}
      <td class="prog">
        <Progress arm={arm} />
      </td>
      <td class="num hide-m">
        {int(arm.done)} of {int(arm.total)}
      </td>
      {axis !== null && (
        <td class={`plot c${colourOf(arm.condition, factors, moment.arms)}`}>
          <Interval arm={arm} axis={axis} />
        </td>
      )}
      {now.metric !== null && (
        <td class="num">{arm.mean === null ? <span class="soft">none</span> : num(arm.mean)}</td>
      )}
      {moment.intervals !== null && <td class="num soft hide-s">{intervalWords(arm)}</td>}
      <td class={`num ${arm.failed > 0 ? "bad" : "soft"}`}>{int(arm.failed)}</td>
      {cost !== null && <td class="num hide-s">{used(cost, arm.used[cost] ?? 0)}</td>}
      {!isExported && (
        <td class="num hide-s">
          <Cancel now={now} arm={arm} name={name} />
        </td>
      )}
    </tr>
  );
}

/** Nothing is left of it: low and high have passed each other. */
function isEmptied({ low, high }: Arm): boolean {
  return low !== null && high !== null && low > high;
}

function intervalWords(arm: Arm): string {
  if (arm.low === null) return "too few";
  return isEmptied(arm) ? "empty" : `${num(arm.low)} to ${num(arm.high)}`;
}

function Cancel({ now, arm, name }: { readonly now: RunNow; readonly arm: Arm; readonly name: string }) {
  const left = arm.total - arm.done;
  const { status } = now.moment;
  if (arm.isCancelled) return <span class="soft">cancelled</span>;
  if (left === 0 || !["running", "paused", "pausing"].includes(status)) return null;
  const shut = shutWords();
  return (
    <button
      type="button"
      class="quiet"
      aria-label={`Cancel arm ${name}`}
      title={shut ?? undefined}
      disabled={shut !== null}
      onClick={(event) => {
        event.stopPropagation();
        askFirst({
          title: `Cancel ${name}?`,
          body: (
            <>
              <ul>
                <li>{int(left)} trials of it will not run.</li>
                <li>Its {int(arm.done)} recorded trials stay.</li>
              </ul>
              <p class="note">
                You have seen results. Dropping an arm now is a decision made on data: the run keeps who, when
                and after how many replicates, and the report says it.
              </p>
            </>
          ),
          act: {
            words: "Cancel this arm",
            isDanger: true,
            does: () =>
              void act({ do: "cancel", experiment: now.experiment, arm: arm.index }, `${name} cancelled`),
          },
        });
      }}
    >
      Cancel
    </button>
  );
}

function Progress({ arm }: { readonly arm: Arm }) {
  const share = (count: number): string => String(count / Math.max(1, arm.total));
  const measured = arm.done - arm.failed - arm.otherwise;
  return (
    <div class="bar" role="img" aria-label={`${percent(arm.done / Math.max(1, arm.total))} done`}>
      <i class="measured" style={{ "--w": share(measured) }} />
      <i class="cancelled" style={{ "--w": share(arm.otherwise) }} />
      <i class="failed" style={{ "--w": share(arm.failed) }} />
    </div>
  );
}

function Interval({ arm, axis }: { readonly arm: Arm; readonly axis: Axis }) {
  const at = (value: number): number =>
    300 * Math.min(1, Math.max(0, (value - axis.low) / (axis.high - axis.low)));
  const { mean, low, high, before } = arm;
  return (
    <svg
      viewBox="0 0 300 32"
      preserveAspectRatio="none"
      role="img"
      aria-label={
        low === null
          ? "no interval yet"
          : isEmptied(arm)
            ? "an empty interval"
            : `from ${num(low)} to ${num(high)}`
      }
    >
      {axis.ticks.map((tick) => (
        <line
          key={tick}
          class="gridl"
          x1={at(tick)}
          x2={at(tick)}
          y1={0}
          y2={32}
          vector-effect="non-scaling-stroke"
        />
      ))}
      {before !== null && (
        <line
          class="ci0"
          x1={at(before[0])}
          x2={at(before[1])}
          y1={16}
          y2={16}
          vector-effect="non-scaling-stroke"
        />
      )}
      {low !== null && high !== null && low <= high && (
        <line class="ci" x1={at(low)} x2={at(high)} y1={16} y2={16} vector-effect="non-scaling-stroke" />
      )}
      {mean !== null && (
        <line class="ci" x1={at(mean)} x2={at(mean)} y1={9} y2={23} vector-effect="non-scaling-stroke" />
      )}
    </svg>
  );
}

function AxisTicks({ axis }: { readonly axis: Axis }) {
  return (
    <span class="ticks" aria-hidden="true">
      {axis.ticks.map((tick) => (
        <span key={tick} style={{ "--at": String((tick - axis.low) / (axis.high - axis.low)) }}>
          {num(tick, 2)}
        </span>
      ))}
    </span>
  );
}

function domainOf(key: string, arms: readonly Arm[]): Axis | null {
  const ends = arms.flatMap(({ low, high, mean }) => [low, high, mean].filter((end) => end !== null));
  if (ends.length === 0) return null;
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const room = (most - least || Math.abs(most) || 1) * 0.06;
  const known = domain?.key === key ? domain : null;
  if (known === null || least < known.low || most > known.high)
    domain = {
      key,
      low: Math.min(least - room, known?.low ?? Number.POSITIVE_INFINITY),
      high: Math.max(most + room, known?.high ?? Number.NEGATIVE_INFINITY),
    };
  const { low, high } = domain ?? { low: least, high: most };
  return { low, high, ticks: ticksOf(low, high, 4) };
}

/** Round numbers between two ends. */
export function ticksOf(low: number, high: number, count: number): readonly number[] {
  const raw = (high - low) / count;
  if (!(raw > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((each) => each * power >= raw) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9);
  const length = Math.max(0, Math.floor(high / step + 1e-9) - first + 1);
  return Array.from({ length }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** A colour for each level of the first factor. */
export function colourOf(
  condition: Arm["condition"],
  factors: readonly string[],
  arms: readonly Arm[],
): number {
  const [factor] = factors;
  if (factor === undefined) return 3;
  const levels = [...new Set(arms.map((arm) => level(arm.condition[factor])))];
  const order = [3, 1, 2, 4, 5, 6, 7, 0];
  return order[levels.indexOf(level(condition[factor])) % order.length] ?? 0;
}

function completeWords(complete: number): string {
  if (complete === 0) return "from replicates that are complete in every arm: none is yet";
  return complete === 1
    ? "from replicate 1 complete in every arm"
    : `from replicates 1 to ${int(complete)} complete in every arm`;
}
