// What the measures of shares and of rates have in common: the units of two levels, and the table of methods beside the chosen one.
import type { Estimate, TestResult } from "../../../../lib/stats/estimate.ts";
import { isRefused, orRefusal } from "../../../../lib/stats/refusal.ts";
import type { LevelData } from "../../../design/level-design.ts";
import type { OtherMethod } from "../../finding.ts";
import { intervalOf } from "../../interval.ts";
import type { Contrast, PairInput } from "./measure.ts";

/** The units of two levels: pair by pair where they are paired. */
export interface Units {
  readonly isPaired: boolean;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

export function unitsOf({ design, x, y }: PairInput): Units {
  const isPaired = design.kind === "replicates" || design.kind === "blocks";
  const values = (level: LevelData): readonly number[] => level.units.map(({ value }) => value);
  if (!isPaired) return { isPaired, x: values(x), y: values(y) };
  const partner = new Map(y.units.map(({ id, value }) => [id, value]));
  const pairs = x.units.filter(({ id }) => partner.has(id));
  return { isPaired, x: pairs.map(({ value }) => value), y: pairs.map(({ id }) => partner.get(id)!) };
}

/** One a unit that every level has, with its value at each. */
export function unitRowsOf(levels: readonly LevelData[]): readonly (readonly number[])[] {
  const [first, ...rest] = levels.map(({ units }) => new Map(units.map(({ id, value }) => [id, value])));
  return [...first!].flatMap(([id, value]) => {
    const others = rest.map((own) => own.get(id));
    return others.some((other) => other === undefined) ? [] : [[value, ...others.map((other) => other!)]];
  });
}

export interface NamedMethod {
  readonly label: string;
  run(): { readonly estimate: Estimate; readonly p: number };
}

export function chosenMethod({ estimate, test }: Contrast): OtherMethod {
  return {
    method: `${test.method}; ${estimate.method}`,
    estimate: estimate.value,
    interval: intervalOf(estimate),
    p: test.p,
    isChosen: true,
  };
}

/** Methods without an answer are left out. */
export function otherMethods(methods: readonly NamedMethod[]): readonly OtherMethod[] {
  return methods.flatMap(({ label, run }): readonly OtherMethod[] => {
    const found = orRefusal(run);
    if (isRefused(found)) return [];
    const { estimate, p } = found;
    return [{ method: label, estimate: estimate.value, interval: intervalOf(estimate), p, isChosen: false }];
  });
}

export function withP(result: TestResult & { readonly estimate: Estimate }) {
  return { estimate: result.estimate, p: result.p };
}
