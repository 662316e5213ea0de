// The factors of a design as a picture sees them: a level with factors of its own branch counts as a level for each of their levels
// ("watts-strogatz 0.05"), levels keep one colour in the whole report, and conditions are laid out in panels, lines and places.

import type { ExperimentAnalysis } from "../analysis/analysis.ts";
import type { ComparisonFinding, InteractionFinding } from "../analysis/finding.ts";
import { faint, hues } from "./ink.ts";
import { levelNames } from "./level-names.ts";

/** A factor with the factors of its branches. */
export interface PictureFactor {
  readonly name: string;
  readonly levels: readonly PictureLevel[];
  readonly isNumeric: boolean;
  /** Index into `levels` for each condition of the experiment; -1 where the condition has no such factor. */
  readonly levelOf: readonly number[];
}

export interface PictureLevel {
  /** The level, and in a line of its own the levels of its branch: "watts-strogatz\nrewire 0.05". */
  readonly label: string;
  /** Level of the factor itself. */
  readonly level: string;
  /** Index of the level in declared order, and of the branch's levels within it. */
  readonly index: number;
  readonly branch: number;
}

/** How lines and marks of a level are drawn, in every picture of a report. */
export interface Look {
  readonly colour: string;
  readonly shape: string;
  readonly dash: readonly number[];
  /** False for a mark that is only outlined. */
  readonly isFilled: boolean;
}

const shapes = ["circle", "square", "triangle-up", "diamond", "triangle-down", "cross"] as const;
const branchDashes: readonly (readonly number[])[] = [
  [1, 0],
  [5, 3],
  [2, 2],
  [8, 3, 2, 3],
];

/** The look of a level by its place in declared order; beyond the hues all look alike and must be told apart by place. */
export function lookOf({ index, branch }: Pick<PictureLevel, "index" | "branch">): Look {
  return {
    colour: hues[index] ?? faint,
    shape: shapes[index] ?? "circle",
    dash: branchDashes[branch % branchDashes.length]!,
    isFilled: branch === 0,
  };
}

/** Every factor that varies, those of a branch joined to the factor that chooses it. */
export function pictureFactorsOf(experiment: ExperimentAnalysis): readonly PictureFactor[] {
  const known = cache.get(experiment);
  if (known !== undefined) return known;
  const { factors } = experiment.design;
  const tagOf = (branch: string | null) => (branch === null ? null : (branch.split(" = ")[0] ?? null));
  const names = new Set(factors.map(({ name }) => name));
  const made = factors
    .filter(({ branch }) => branch === null || !names.has(tagOf(branch)!))
    .map((factor) =>
      pictureFactorOf(
        experiment,
        factor,
        factors.filter(({ branch }) => tagOf(branch) === factor.name).map(({ name }) => name),
      ),
    )
    .filter(({ levels }) => levels.length > 1);
  cache.set(experiment, made);
  return made;
}

/** An analysis does not change, and every picture of it asks for the same factors. */
const cache = new WeakMap<ExperimentAnalysis, readonly PictureFactor[]>();

function pictureFactorOf(
  { arms }: ExperimentAnalysis,
  factor: ExperimentAnalysis["design"]["factors"][number],
  branches: readonly string[],
): PictureFactor {
  const order = new Map(factor.levels.map((level, i) => [level, i]));
  const names = levelNames(factor.levels, factor.isNumeric);
  const found = new Map<string, PictureLevel & { readonly arms: number[] }>();
  const branchCounts = new Map<string, number>();
  arms.forEach(({ coordinates }, arm) => {
    const level = coordinates[factor.name];
    if (level === undefined) return;
    const own = branches.flatMap((name) =>
      coordinates[name] === undefined ? [] : [`${name} ${coordinates[name]}`],
    );
    const index = order.get(level) ?? 0;
    const name = names[index] ?? level;
    const label = own.length === 0 ? name : `${name}\n${own.join(", ")}`;
    const held = found.get(label);
    if (held !== undefined) {
      held.arms.push(arm);
      return;
    }
    const branch = branchCounts.get(level) ?? 0;
    branchCounts.set(level, branch + 1);
    found.set(label, { label, level, index, branch, arms: [arm] });
  });
  const sorted = [...found.values()].sort((a, b) => a.index - b.index || a.branch - b.branch);
  const levelOf = new Array<number>(arms.length).fill(-1);
  sorted.forEach((level, i) => {
    for (const arm of level.arms) levelOf[arm] = i;
  });
  return {
    name: factor.name,
    levels: sorted.map(({ label, level, index, branch }) => ({ label, level, index, branch })),
    isNumeric: factor.isNumeric && branches.length === 0,
    levelOf,
  };
}

/** Each condition by its levels: "0.02 · 0.4 · watts-strogatz, rewire 0.05". */
export function armLabelsOf(experiment: ExperimentAnalysis): readonly string[] {
  const factors = pictureFactorsOf(experiment);
  return experiment.arms.map(
    (_, i) =>
      factors
        .flatMap(({ levels, levelOf }) => levels[levelOf[i]!]?.label.replace("\n", ", ") ?? [])
        .join(" · ") || "all trials",
  );
}

/** What a level of a factor is called in pictures. */
export function levelNameOf(experiment: ExperimentAnalysis, factor: string): (level: string) => string {
  const found = experiment.design.factors.find(({ name }) => name === factor);
  if (found === undefined) return (level) => level;
  const names = levelNames(found.levels, found.isNumeric);
  const nameOf = new Map(found.levels.map((level, i) => [level, names[i]!]));
  return (level) => nameOf.get(level) ?? level;
}

/** More levels than this are not told apart by hue. */
export const huesMax = hues.length;

/**
 * The one factor whose levels have colours in the whole report: the first that an analysis compares and that has few enough levels, else
 * the first such factor of the design; null when there is none.
 */
export function colourFactorOf(experiment: ExperimentAnalysis): PictureFactor | null {
  const factors = pictureFactorsOf(experiment);
  const compared = experiment.findings.flatMap((finding) =>
    "factors" in finding
      ? (finding as InteractionFinding).factors
      : "factor" in finding
        ? [(finding as ComparisonFinding).factor]
        : [],
  );
  const named = compared.flatMap((name) => factors.filter((factor) => factor.name === name));
  return [...named, ...factors].find(isColourable) ?? null;
}

function isColourable({ levels }: PictureFactor): boolean {
  return levels.length <= 2 * huesMax && Math.max(...levels.map(({ index }) => index)) < huesMax;
}

/** Conditions in panels, lines and places. */
export interface Layout {
  /** Told apart by colour and mark; null for one line. */
  readonly lines: PictureFactor | null;
  /** Along the axis. */
  readonly along: PictureFactor;
  readonly panels: readonly { readonly title: string | null; readonly arms: readonly number[] }[];
}

const panelsMax = 12;
const placesMax = 16;

/**
 * A layout of the conditions with `focus` in sight, null where they do not fit one: a single factor (rows show it better), too many levels
 * along the axis or too many panels.
 */
export function layoutOf(
  experiment: ExperimentAnalysis,
  options: { readonly focus?: string | null; readonly arms?: readonly number[] } = {},
): Layout | null {
  const arms = options.arms ?? experiment.arms.map((_, i) => i);
  const held = pictureFactorsOf(experiment).filter(
    ({ levelOf }) => new Set(arms.map((arm) => levelOf[arm])).size > 1,
  );
  const colour = colourFactorOf(experiment);
  const lines = held.find((factor) => factor === colour) ?? null;
  const others = held.filter((factor) => factor !== lines);
  const along =
    others.find(({ name }) => name === options.focus) ??
    [...others].sort(
      (a, b) => Number(b.isNumeric) - Number(a.isNumeric) || b.levels.length - a.levels.length,
    )[0];
  if (along === undefined || (lines === null && others.length === 1)) return null;
  if (along.levels.length > placesMax) return null;
  const split = others.filter((factor) => factor !== along);
  const groups = new Map<string, { title: string | null; key: readonly number[]; arms: number[] }>();
  for (const arm of arms) {
    if (along.levelOf[arm] === -1) return null;
    const key = split.map(({ levelOf }) => levelOf[arm]!);
    const title = split
      .flatMap(({ name, levels, levelOf }) => {
        const level = levels[levelOf[arm]!];
        return level === undefined ? [] : [`${name} = ${level.label.replace("\n", ", ")}`];
      })
      .join(", ");
    const group = groups.get(key.join()) ?? { title: title === "" ? null : title, key, arms: [] };
    groups.set(key.join(), group);
    group.arms.push(arm);
  }
  if (groups.size > panelsMax) return null;
  const panels = [...groups.values()].sort((a, b) => {
    const at = a.key.findIndex((level, i) => level !== b.key[i]);
    return at === -1 ? 0 : a.key[at]! - b.key[at]!;
  });
  return { lines, along, panels };
}
