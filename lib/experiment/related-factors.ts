// What `relation` is told of its factors: one or several, each on a scale. A logarithm of what is not above 0 is found here, before the data.
import { factorNames } from "./analysis-shapes.ts";
import type { RelatedFactor } from "./analysis-spec.ts";
import { checkFactor, checkNumericFactor, type KnownNames, type Problems } from "./check-names.ts";
import type { Json } from "./json.ts";
import { oneOf, type Shape } from "./option-shapes.ts";
import { problemOf } from "./problem.ts";

type Scale = RelatedFactor["scale"];
export type ScaleOption = Scale | Readonly<Record<string, Scale | undefined>>;

export const scale: Shape = oneOf("linear", "log");
export const scales: Shape = {
  expected: 'an object of scales by factor, such as { beta: "log" }',
  fits: (value) =>
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((own) => own === undefined || scale.fits(own)),
};
export const relatedFactors: Shape = {
  expected: 'a factor, or a list of different factors, such as ["size", "kind"]',
  fits: (value) =>
    factorNames.fits(value) &&
    Array.isArray(value) &&
    value.length > 0 &&
    new Set(value).size === value.length,
};

/** Each factor with its scale: as told, else the one that a design samples it on, else linear. */
export function relatedOf(
  known: KnownNames,
  factor: string | readonly string[],
  told: ScaleOption | undefined,
): readonly RelatedFactor[] {
  const names = typeof factor === "string" ? [factor] : factor;
  return names.map((name) => {
    const isSampledLog = known.factors.find((one) => one.name === name)?.range?.kind === "log";
    const own = typeof told === "object" ? told[name] : told;
    return { name, scale: own ?? (isSampledLog ? "log" : "linear") };
  });
}

/** Names, and scales that the levels have. */
export function checkRelated(
  known: KnownNames,
  factors: readonly RelatedFactor[],
  of: {
    readonly isSeveral: boolean;
    readonly scale: ScaleOption | undefined;
    readonly where: Readonly<Record<string, Json>>;
  },
): readonly Problems[] {
  const told = typeof of.scale === "object" ? Object.keys(of.scale) : [];
  return [
    ...factors.map(({ name, scale: own }) =>
      of.isSeveral && own === "linear" ? checkFactor(known, name) : checkNumericFactor(known, name),
    ),
    ...factors.filter(({ scale: own }) => own === "log").map(({ name }) => checkLogarithm(known, name)),
    ...factors.filter(({ name }) => Object.hasOwn(of.where, name)).map(({ name }) => fixedFactor(name)),
    ...told
      .filter((name) => !factors.some((one) => one.name === name))
      .map((name) => strayScale(name, factors)),
  ];
}

function checkLogarithm(known: KnownNames, name: string): Problems {
  const factor = known.factors.find((one) => one.name === name);
  const range = factor?.range ?? null;
  const levels = factor?.levels ?? (range !== null && "low" in range ? [range.low] : []);
  const without = levels.filter((level) => typeof level === "number" && !(level > 0));
  if (without.length === 0) return [];
  const found = `scale "log" for ${name}, which has the level${without.length === 1 ? "" : "s"} ${without.join(", ")}`;
  return [
    problemOf({
      code: "bad-option",
      subject: "analysis",
      found,
      expected: "a factor whose levels are all above 0",
    }),
  ];
}

function fixedFactor(name: string): Problems {
  const found = `where with "${name}"`;
  return [
    problemOf({
      code: "bad-option",
      subject: "analysis",
      found,
      expected: "factors other than the related ones",
    }),
  ];
}

function strayScale(name: string, factors: readonly RelatedFactor[]): Problems {
  const candidates = factors.map((one) => one.name);
  return [
    problemOf({
      code: "bad-option",
      subject: "analysis",
      found: `scale of "${name}"`,
      expected: "one of the related factors",
      candidates,
    }),
  ];
}
