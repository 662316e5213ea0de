// What a comparison had to leave out or could not tell apart, in words: a reader never meets an unlike comparison unsaid.
import type { FactorSummary } from "../../runtime/record/trial-table.ts";
import type { Basis, PlacedLevel } from "./strata.ts";

/** Levels named one by one, at most. */
const namedMax = 3;

/** That a level of the factor is a level of others too. */
export function togetherWords(factor: string, together: readonly string[]): readonly string[] {
  if (together.length === 0) return [];
  const [others, change] = [listed(together), together.length === 1 ? "changes" : "change"];
  return [
    `${others} ${change} together with ${factor} in every condition, so a difference is that of ${listed([factor, ...together])} together; these results cannot tell them apart.`,
  ];
}

/** Which conditions do not count, and why. */
export function leftOutWords(
  factor: string,
  of: {
    readonly basis: Basis;
    readonly levels: readonly {
      readonly level: string;
      readonly measured: number;
      readonly planned: number;
    }[];
    /** Conditions that count, by level. */
    readonly kept: ReadonlyMap<string, number>;
  },
): readonly string[] {
  const { basis, levels, kept } = of;
  const notes = named(
    levels.filter(({ measured, planned }) => measured < planned),
    ({ level, measured, planned }) =>
      `${factor} = ${level} has ${counted(planned - measured)} without any measured value${basis === "shared" ? "; the comparison leaves the other levels' counterparts out too" : ""}.`,
    (more) => `${more} more levels of ${factor} have conditions without any measured value.`,
  );
  if (basis === "pairwise")
    return [
      ...notes,
      `No combination of the other factors is in all levels of ${factor}: each pair is compared over the combinations that both have. The means of single levels are over unlike combinations.`,
    ];
  if (basis !== "shared") return notes;
  return [
    ...notes,
    ...named(
      levels.filter(({ level, measured }) => kept.get(level)! < measured),
      ({ level, measured }) => {
        const left = measured - kept.get(level)!;
        return `${factor} = ${level} has ${counted(left)} without a counterpart in the other levels; ${left === 1 ? "it is" : "they are"} left out of the comparison.`;
      },
      (more) => `${more} more levels of ${factor} have conditions without a counterpart, left out as well.`,
    ),
  ];
}

/** That a replicate with a failed trial still counts with the others. */
export function incompleteWords(of: {
  readonly all: number;
  readonly incomplete: number;
}): readonly string[] {
  if (of.incomplete === 0) return [];
  return [
    `${of.incomplete} of ${of.all} replicates ${of.incomplete === 1 ? "lacks" : "lack"} a value in some condition and ${of.incomplete === 1 ? "counts" : "count"} with the values that are there: levels are compared within each combination of the other factors over the replicates that have both (pairwise complete).`,
  ];
}

/** That two blocks, or two clusters a level, leave next to no degrees of freedom. */
export function fewGroupsWords(name: string, groups: number, isNested: boolean): readonly string[] {
  if (groups !== 2) return [];
  return [
    isNested
      ? `A level has only 2 levels of ${name}, which are its units: its spread has one degree of freedom, so that intervals are very wide.`
      : `The 2 levels of ${name} are 2 pairs: one degree of freedom, so that an interval reaches 12.7 standard errors to each side and only a difference that is all but the same in both can be shown.`,
  ];
}

/** Why levels cannot be compared like with like. */
export function confoundedWords(
  factor: string,
  levels: readonly PlacedLevel[],
  strata: readonly FactorSummary[],
): string {
  const apart = strata.filter(({ name }) => isApart(levels, name)).map(({ name }) => name);
  const nested = apart.filter((name) => isNestedIn(levels, name));
  const shown = levels.slice(0, 2).map(({ level, cells }) => {
    const met = apart.map((name) => `${name} ${some(new Set(cells.map(({ at }) => at[name] ?? "none")))}`);
    return `${factor} = ${level} only with ${listed(met)}`;
  });
  const seen = apart.length === 0 ? "" : ` (${shown.join(", ")})`;
  const hint =
    nested.length === 0
      ? ""
      : ` Where the levels of ${nested[0]} are a sample, such as sites or tasks, \`cluster: "${nested[0]}"\` makes them the units.`;
  return `The levels of ${factor} share no combination of ${apart.length === 0 ? "the other factors" : listed(apart)}${seen}, so they cannot be compared like with like.${hint}${relationHint(factor, strata)}`;
}

/** What a sampled design is analysed by. */
function relationHint(factor: string, strata: readonly FactorSummary[]): string {
  if (strata.every(({ sampled }) => sampled === null)) return "";
  const names = [factor, ...strata.map(({ name }) => name)].map((name) => `"${name}"`).join(", ");
  return ` In a sampled design \`relation(metric, [${names}])\` fits what was sampled all at once.`;
}

/** Whether no two levels met the same level of another factor. */
function isApart(levels: readonly PlacedLevel[], name: string): boolean {
  const seen = new Map<string, number>();
  for (const [index, { cells }] of levels.entries())
    for (const { at } of cells) {
      const key = at[name] ?? "";
      if ((seen.get(key) ?? index) !== index) return false;
      seen.set(key, index);
    }
  return true;
}

/** Whether a level met several levels of a factor that no other met. */
function isNestedIn(levels: readonly PlacedLevel[], name: string): boolean {
  return levels.every(({ cells }) => new Set(cells.map(({ at }) => at[name])).size > 1);
}

function named<T>(
  items: readonly T[],
  say: (item: T) => string,
  rest: (more: number) => string,
): readonly string[] {
  const words = items.slice(0, namedMax).map(say);
  return items.length > namedMax ? [...words, rest(items.length - namedMax)] : words;
}

function some(levels: ReadonlySet<string>): string {
  const all = [...levels];
  return all.length > namedMax ? `${all.slice(0, namedMax).join(", ")}, ...` : listed(all);
}

function counted(conditions: number): string {
  return `${conditions} ${conditions === 1 ? "condition" : "conditions"}`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
