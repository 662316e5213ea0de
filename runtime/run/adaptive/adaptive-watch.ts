// What a stopping rule watches: one contrast a condition, or one a pair of levels. A contrast turns one complete replicate into one
// number, so that the replicate is the unit whatever the pairing; it is fixed by the design, before any data.
import type { StoppingRule } from "../../../lib/experiment/definition.ts";
import { levelKeyOf } from "../../../lib/experiment/space/level-source.ts";
import type { Condition, Factor } from "../../../lib/experiment/space/space.ts";

/** A weighted sum over the watched conditions: 1 for a mean, 1/s and -1/s for a difference over s strata. */
export interface Contrast {
  readonly label: string;
  /** Position among the watched conditions, and weight. */
  readonly terms: readonly { readonly place: number; readonly weight: number }[];
  readonly isDifference: boolean;
}

/** The contrasts of a rule over the given conditions; no difference where fewer than two levels share a stratum. */
export function contrastsOf(
  rule: StoppingRule,
  design: { readonly conditions: readonly Condition[]; readonly factors: readonly Factor[] },
): readonly Contrast[] {
  const { conditions, factors } = design;
  const { goal } = rule;
  if (goal.kind === "decided-between") return differencesOf({ conditions, factors, goal });
  return conditions.map((condition, place) => {
    const parts = factors.filter(({ name }) => name in condition);
    const label = parts.map(({ name }) => `${name} = ${levelText(condition[name])}`).join(", ");
    return { label: label || "the only condition", terms: [{ place, weight: 1 }], isDifference: false };
  });
}

interface LevelCells {
  readonly level: unknown;
  /** Places of its conditions by stratum: the levels of the other shared factors. */
  readonly strata: ReadonlyMap<string, readonly number[]>;
}

function differencesOf(of: {
  readonly conditions: readonly Condition[];
  readonly factors: readonly Factor[];
  readonly goal: Extract<StoppingRule["goal"], { readonly kind: "decided-between" }>;
}): readonly Contrast[] {
  const { conditions, factors, goal } = of;
  const { across, baseline } = goal;
  const others = factors.filter(({ name, branch }) => name !== across && branch === null);
  const levels = new Map<unknown, { level: unknown; strata: Map<string, number[]> }>();
  for (const [place, condition] of conditions.entries()) {
    if (!(across in condition)) continue;
    const key = levelKeyOf(condition[across]);
    const level = levels.get(key) ?? { level: condition[across], strata: new Map<string, number[]>() };
    levels.set(key, level);
    const stratum = JSON.stringify(others.map(({ name }) => condition[name] ?? null));
    level.strata.set(stratum, [...(level.strata.get(stratum) ?? []), place]);
  }
  const all = [...levels.values()];
  const shared = [...(all[0]?.strata.keys() ?? [])].filter((key) =>
    all.every(({ strata }) => strata.has(key)),
  );
  if (shared.length === 0) return [];
  const pairs =
    baseline === null
      ? all.flatMap((low, index) => all.slice(index + 1).map((high) => [high, low] as const))
      : all.flatMap((level) =>
          all
            .filter((base) => base !== level && levelKeyOf(base.level) === levelKeyOf(baseline.level))
            .map((base) => [level, base] as const),
        );
  return pairs.map(([level, base]) => ({
    label: `${across}: ${levelText(level.level)} rather than ${levelText(base.level)}`,
    terms: [...weighted(level, shared, 1), ...weighted(base, shared, -1)],
    isDifference: true,
  }));
}

/** Equal weight to each stratum, and within a stratum to each condition. */
function weighted(
  { strata }: LevelCells,
  shared: readonly string[],
  sign: 1 | -1,
): readonly { readonly place: number; readonly weight: number }[] {
  return shared.flatMap((key) => {
    const places = strata.get(key) ?? [];
    return places.map((place) => ({ place, weight: sign / (shared.length * places.length) }));
  });
}

function levelText(level: unknown): string {
  return typeof level === "string" ? level : JSON.stringify(level);
}
