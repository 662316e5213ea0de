// What a comparison owes its reader where trials ended without a value: how many of each level, for which reasons, and whether the levels
// lost them in unlike places. Shares that are alike prove nothing: two levels may lose the same number for opposite reasons.
import type { TrialTable } from "../../../runtime/record/trial-table.ts";
import { coordinatesOf, levelText } from "../../design/arm.ts";
import type { AttritionRow } from "../../design/attrition.ts";
import { groupedBy } from "../../design/level-design.ts";
import type { MetricSummary } from "../analysis.ts";
import { numberText } from "./number-text.ts";

export interface LossInput {
  readonly table: TrialTable;
  readonly arms: readonly AttritionRow[];
  readonly metric: MetricSummary;
  readonly factor: string;
  readonly where: Readonly<Record<string, unknown>>;
  /** The other factors that levels are averaged over. */
  readonly averagedOver: readonly string[];
}

/** Levels and reasons named one by one, at most. */
const namedMax = 4;
/** Shares lost that differ by more than this are unlike. */
const shareDifference = 0.1;

interface Loss {
  readonly at: Readonly<Record<string, string>>;
  readonly ran: number;
  readonly lost: number;
  readonly censored: number;
  readonly reasons: AttritionRow["reasons"];
}

/** Nothing where every trial that ran has a value, or a bound where it was censored in this metric. */
export function lossNotesOf(input: LossInput): readonly string[] {
  const { factor, metric } = input;
  const losses = lossesOf(input);
  const lost = sum(losses, "lost");
  return [...censoredNotes(factor, metric, losses), ...(lost === 0 ? [] : lostNotes(input, losses))];
}

/** How many trials of each level only have a bound. */
function censoredNotes(factor: string, metric: MetricSummary, losses: readonly Loss[]): readonly string[] {
  const { censoring } = metric;
  const count = sum(losses, "censored");
  if (censoring === undefined || count === 0) return [];
  const levels = [...groupedBy(losses, ({ at }) => at[factor]!)];
  const shown = levels
    .slice(0, namedMax)
    .map(([level, own]) => `${level}: ${numberText(sum(own, "censored"))} of ${numberText(sum(own, "ran"))}`);
  return [
    `${numberText(count)} of ${numberText(sum(losses, "ran"))} trials were censored (${shown.join("; ")}${levels.length > shown.length ? "; ..." : ""}): each counts as at least its bound. This is right where a trial was cut by a cap and not because of what it would have come to.`,
  ];
}

function lostNotes(input: LossInput, losses: readonly Loss[]): readonly string[] {
  const { factor, metric } = input;
  const lost = sum(losses, "lost");
  const levels = [...groupedBy(losses, ({ at }) => at[factor]!)];
  const shown = levels.slice(0, namedMax).map(([level, own]) => `${level}: ${countText(own)}`);
  const more = levels.length > shown.length ? "; ..." : "";
  return [
    `${numberText(lost)} of ${numberText(sum(losses, "ran"))} trials that ran have no value of ${metric.name} (${shown.join("; ")}${more}). What is compared are the others: the difference is unbiased only where losing a trial has nothing to do with what its value would have been, also when levels lost equal shares.`,
    ...reasonNotes(factor, levels),
    ...input.averagedOver.flatMap((name) => placeNotes(factor, name, levels)),
  ];
}

function lossesOf({ table, arms, metric, factor, where }: LossInput): readonly Loss[] {
  const wanted = Object.entries(where).map(([name, level]) => [name, levelText(level)] as const);
  const held = new Map(metric.cells.map((cell) => [cell.condition, cell]));
  return arms.flatMap((arm): readonly Loss[] => {
    const at = coordinatesOf(table, arm.condition);
    if (at[factor] === undefined || wanted.some(([name, level]) => at[name] !== level)) return [];
    const ran = arm.planned - arm.notRun - arm.cancelled - arm.budgetStopped;
    const { n = 0, censored = 0 } = held.get(arm.condition) ?? {};
    const lost = Math.max(0, ran - n);
    return [{ at, ran, lost, censored, reasons: arm.failed + arm.refused > 0 ? arm.reasons : [] }];
  });
}

/** That levels lost their trials for unlike reasons. */
function reasonNotes(
  factor: string,
  levels: readonly (readonly [string, readonly Loss[]])[],
): readonly string[] {
  const leading = levels.flatMap(([level, own]) => {
    const counts = new Map<string, number>();
    for (const { message, count } of own.flatMap(({ reasons }) => reasons))
      counts.set(message, (counts.get(message) ?? 0) + count);
    const [most] = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    return most === undefined ? [] : [{ level, message: most[0] }];
  });
  if (new Set(leading.map(({ message }) => message)).size < 2) return [];
  const shown = leading.slice(0, namedMax).map(({ level, message }) => `${level} mostly "${message}"`);
  return [
    `The levels of ${factor} lost their trials for unlike reasons: ${shown.join(", ")}. What is left of them may differ for that reason alone.`,
  ];
}

/** That two levels lost unlike shares at one level of another factor, though all in all they may be alike. */
function placeNotes(
  factor: string,
  other: string,
  levels: readonly (readonly [string, readonly Loss[]])[],
): readonly string[] {
  const places = new Map<string, { readonly level: string; readonly own: readonly Loss[] }[]>();
  for (const [level, all] of levels)
    for (const [place, own] of groupedBy(all, ({ at }) => at[other] ?? "")) {
      const held = places.get(place) ?? [];
      places.set(place, held);
      held.push({ level, own });
    }
  const overall = new Map(levels.map(([level, own]) => [level, shareOf(own)]));
  // How much more or less a level lost there than all in all: a gap that is the same everywhere is in the counts above.
  const gaps = [...places].flatMap(([place, held]) => {
    const ordered = held
      .map(({ level, own }) => ({ level, own, excess: shareOf(own) - overall.get(level)! }))
      .sort((a, b) => b.excess - a.excess);
    const [most, least] = [ordered[0]!, ordered.at(-1)!];
    const gap = most.excess - least.excess;
    return gap > Math.max(shareDifference, chanceOf(most.own, least.own))
      ? [{ place, most, least, gap }]
      : [];
  });
  const [first, ...rest] = gaps;
  if (first === undefined) return [];
  const widest = rest.reduce((a, b) => (b.gap > a.gap ? b : a), first);
  const { place, most, least } = widest;
  return [
    `What the levels of ${factor} lost depends on ${other}: at ${other} = ${place}, ${most.level} lost ${countText(most.own)} and ${least.level} ${countText(least.own)}. Levels are compared within each ${other}, so that this alone moves no difference.`,
  ];
}

/** Three standard errors of the difference of two shares. */
function chanceOf(a: readonly Loss[], b: readonly Loss[]): number {
  const [m, n] = [sum(a, "ran"), sum(b, "ran")];
  if (m === 0 || n === 0) return 1;
  const share = (sum(a, "lost") + sum(b, "lost")) / (m + n);
  return 3 * Math.sqrt(share * (1 - share) * (1 / m + 1 / n));
}

function shareOf(losses: readonly Loss[]): number {
  const ran = sum(losses, "ran");
  return ran === 0 ? 0 : sum(losses, "lost") / ran;
}

function countText(losses: readonly Loss[]): string {
  return `${numberText(sum(losses, "lost"))} of ${numberText(sum(losses, "ran"))}`;
}

function sum(losses: readonly Loss[], of: "lost" | "ran" | "censored"): number {
  return losses.reduce((total, loss) => total + loss[of], 0);
}
