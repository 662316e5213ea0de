// Makes a counterexample smaller where fast-check's own shrinking stops: it changes one part at a time, while a smaller world often
// needs fewer actions as well. Parameters and actions are changed together here, and the same rule must still break.
import type { Environment } from "../../lib/environments/environment/environment.ts";
import type { Space } from "../../lib/environments/environment/space.ts";
import { examine } from "./examine.ts";
import type { Counterexample, Scenario } from "./scenario.ts";

/** The smallest counterexample within reach of `tries` playings, and until `isOver` says so. */
export function smaller(
  environment: Environment,
  first: Counterexample,
  limits: {
    readonly tries: number;
    readonly isOver: () => boolean;
    readonly onScenario?: ((scenario: Scenario) => void) | undefined;
    /** Parameters that may be taken; those of the schema unless told. */
    readonly conditions?: readonly Readonly<Record<string, unknown>>[] | undefined;
  },
): Counterexample {
  let best = first;
  let tries = 0;
  const isBetter = (scenario: Scenario): boolean => {
    if (tries >= limits.tries || limits.isOver()) return false;
    tries += 1;
    limits.onScenario?.(scenario);
    const violation = examine(environment, scenario);
    if (violation === null || violation.rule !== best.violation.rule) return false;
    const found = { scenario: trimmed(environment, scenario), violation, shrinks: best.shrinks + 1 };
    if (!isLess(found, best)) return false;
    best = found;
    return true;
  };
  for (let isOpen = true; isOpen; ) {
    isOpen = false;
    for (const candidate of candidatesOf(environment, best.scenario, limits.conditions)) {
      if (!isBetter(candidate)) continue;
      isOpen = true;
      break;
    }
  }
  return best;
}

/** Fewer rounds, then a shorter text of the parameters, then smaller numbers in it. */
function isLess(a: Counterexample, b: Counterexample): boolean {
  const [left, right] = [a, b].map(({ scenario, violation }) => [
    violation.actions.length,
    scenario.choices.length,
    JSON.stringify(scenario.parameters).length,
    sumOf(Object.values(scenario.parameters)),
    sumOf(scenario.choices),
  ]);
  const at = left!.findIndex((value, i) => value !== right![i]);
  return at >= 0 && left![at]! < right![at]!;
}

function sumOf(values: readonly unknown[]): number {
  return values.reduce<number>((sum, value) => sum + (typeof value === "number" ? Math.abs(value) : 0), 0);
}

/** The scenario without the choices behind its violation. */
function trimmed(environment: Environment, scenario: Scenario): Scenario {
  const { choices } = scenario;
  for (let kept = 0; kept < choices.length; kept++) {
    const shorter = { ...scenario, choices: choices.slice(0, kept) };
    if (examine(environment, shorter) !== null) return shorter;
  }
  return scenario;
}

function* candidatesOf(
  environment: Environment,
  { parameters, choices, seed }: Scenario,
  conditions: readonly Readonly<Record<string, unknown>>[] | undefined,
): Generator<Scenario> {
  const worlds = [parameters, ...(conditions ?? smallerWorlds(environment, parameters))];
  const sequences = [...shorterSequences(choices), choices];
  for (const world of worlds) {
    for (const sequence of sequences) yield { parameters: world, seed, choices: sequence };
  }
  if (seed !== 0) yield { parameters, seed: 0, choices };
}

/** Short ones first: single actions and endings, then without one action, then with one action made simple. */
function shorterSequences(choices: readonly number[]): readonly (readonly number[])[] {
  const endings = choices.map((_, i) => choices.slice(choices.length - 1 - i)).slice(0, -1);
  const beginnings = choices.map((_, i) => choices.slice(0, i));
  const without = choices.map((_, i) => choices.filter((__, j) => j !== i));
  const simple = choices.flatMap((choice, i) =>
    [0, 1]
      .filter((value) => value < choice)
      .map((value) => choices.map((other, j) => (j === i ? value : other))),
  );
  const bySize = [...endings, ...beginnings].sort((a, b) => a.length - b.length);
  return [...bySize, ...without, ...simple];
}

/** Worlds with one parameter nearer to the simple end of its space. */
function smallerWorlds(
  { parameterSpace }: Environment,
  parameters: Scenario["parameters"],
): readonly Scenario["parameters"][] {
  if (parameterSpace.kind !== "object") return [];
  return parameterSpace.fields.flatMap(({ name, space, isOptional }) => {
    if (!(name in parameters)) return [];
    const { [name]: value, ...others } = parameters;
    const worlds = simplerOf(space, value).map((simpler) => ({ ...parameters, [name]: simpler }));
    return isOptional ? [others, ...worlds] : worlds;
  });
}

function simplerOf(space: Space, value: unknown): readonly unknown[] {
  if (space.kind === "values") return space.values.slice(0, Math.max(0, space.values.indexOf(value)));
  if (typeof value !== "number" || (space.kind !== "integer" && space.kind !== "number")) return [];
  const steps = [space.min, space.min + 1, Math.floor((space.min + value) / 2), value - 1];
  return [...new Set(steps)].filter((step) => step >= space.min && step < value);
}
