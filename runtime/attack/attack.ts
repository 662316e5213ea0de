// Attacks an environment with fast-check: parameters from its own schema or from the conditions of an experiment, seeds and actions drawn
// at random, every rule held against every round. What breaks one is shrunk to the smallest that still does.
import fc from "fast-check";
import type { Environment } from "../../lib/environments/environment/environment.ts";
import type { Space } from "../../lib/environments/environment/space.ts";
import { Coverage, type CoverageCounts } from "./coverage.ts";
import { examine } from "./examine.ts";
import type { Counterexample, Scenario, Violation } from "./scenario.ts";
import { smaller } from "./smaller.ts";

export interface AttackOptions {
  /** Episodes at most. */
  readonly runs: number;
  /** Milliseconds at most, shrinking included. */
  readonly timeMs: number;
  /** Of the attack itself; the same seed makes the same attack. */
  readonly seed: number;
  /** Parameters to draw from in place of the schema's: the conditions of an experiment. */
  readonly conditions?: readonly Readonly<Record<string, unknown>>[];
  /** Scenarios that broke a rule before: they come first. */
  readonly known?: readonly Scenario[];
  /** Told of each scenario before it is played. */
  readonly onScenario?: (scenario: Scenario) => void;
}

export interface AttackResult {
  readonly environment: string;
  /** Episodes that were examined before the verdict. */
  readonly runs: number;
  /** Null where nothing was drawn. */
  readonly coverage: CoverageCounts | null;
  /** The smallest scenario that breaks a rule; null when none was found. */
  readonly counterexample: Counterexample | null;
}

/** Playings that a counterexample is made smaller by, after fast-check has shrunk it. */
const smallerTries = 3000;
/** Actions in an episode at most: what lies behind them is reached by other parameters. */
const choicesMax = 200;

/** Attacks, and says what was found. Pure but for the clock that ends it. */
export function attack(environment: Environment, options: AttackOptions): AttackResult {
  const started = performance.now();
  const coverage = new Coverage(environment);
  // The last violation is that of the smallest scenario. It is kept, since a fault of chance may not show again.
  let violation: Violation | null = null;
  const property = fc.property(scenariosOf(environment, options.conditions), (scenario) => {
    options.onScenario?.(scenario);
    const found = examine(environment, scenario, coverage);
    violation = found ?? violation;
    return found === null;
  });
  const details = fc.check(property, {
    numRuns: options.runs,
    seed: options.seed,
    interruptAfterTimeLimit: options.timeMs,
    examples: (options.known ?? []).map((scenario): [Scenario] => [scenario]),
  });
  const [scenario] = details.counterexample ?? [];
  const found =
    scenario === undefined || violation === null
      ? null
      : smaller(
          environment,
          { scenario, violation, shrinks: details.numShrinks },
          {
            tries: smallerTries,
            isOver: () => performance.now() - started > 2 * options.timeMs,
            onScenario: options.onScenario,
            conditions: options.conditions,
          },
        );
  return {
    environment: environment.name,
    runs: details.numRuns,
    coverage: coverage.counts(),
    counterexample: found,
  };
}

function scenariosOf(
  environment: Environment,
  conditions: AttackOptions["conditions"],
): fc.Arbitrary<Scenario> {
  const parameters =
    conditions === undefined || conditions.length === 0
      ? arbitraryOf(environment.parameterSpace)
      : fc.constantFrom(...conditions);
  const choice = fc.nat({ max: 2 ** 31 - 1 });
  return fc.record({
    parameters: parameters.filter((drawn) => environment.parameters.safeParse(drawn).success) as fc.Arbitrary<
      Scenario["parameters"]
    >,
    seed: fc.nat({ max: 2 ** 31 - 1 }),
    choices: fc.array(choice, { maxLength: choicesMax, size: "max" }),
  });
}

/** The values of a space, the simplest first. */
function arbitraryOf(space: Space): fc.Arbitrary<unknown> {
  switch (space.kind) {
    case "values":
      return fc.constantFrom(...space.values);
    case "integer":
      return fc.integer({ min: space.min, max: space.max });
    case "number":
      return fc.double({ min: space.min, max: space.max, minExcluded: space.isOpen, noNaN: true });
    case "text":
      return fc.string({ maxLength: 10 });
    case "list":
      return fc.array(arbitraryOf(space.item), { minLength: space.min, maxLength: space.max });
    case "tuple":
      return fc.tuple(...space.items.map(arbitraryOf));
    case "object": {
      const optional = space.fields.filter(({ isOptional }) => isOptional).map(({ name }) => name);
      const fields = Object.fromEntries(space.fields.map((field) => [field.name, arbitraryOf(field.space)]));
      const requiredKeys = Object.keys(fields).filter((name) => !optional.includes(name));
      return fc.record(fields, { requiredKeys });
    }
    case "either":
      return fc.oneof(...space.spaces.map(arbitraryOf));
  }
}
