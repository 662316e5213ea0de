// The builder of environments: `defineEnvironment` checks what the types cannot, and gives what episodes are started from.
import type { z } from "zod";
import type { Random } from "../../random/random.ts";
import type { SimultaneousDefinition, Spaces, TurnDefinition, Utility } from "./definition.ts";
import { Episode, type Saved } from "./episode.ts";
import { type Rules, rulesOf } from "./rules.ts";
import { type Check, checkOf, type Space, spaceOf } from "./space.ts";

/** What an environment is told by, whichever copy of labwright made it. */
const environmentKind = "labwright.environment";

/** An environment: parameters P, agents A, observations O, actions C (schemas), states S. */
export interface Environment<
  P extends z.ZodObject = z.ZodObject,
  A extends string = string,
  O extends Spaces<A> = Spaces<A>,
  C extends Spaces<A> = Spaces<A>,
  S extends object = object,
> {
  readonly kind: typeof environmentKind;
  readonly name: string;
  readonly description: string | null;
  readonly parameters: P;
  readonly observation: O;
  readonly action: C;
  readonly utility: Utility | null;
  /** Whether one agent acts in a round, and not all. */
  readonly hasTurns: boolean;
  readonly rules: Rules<z.output<P>, A, O, C, S>;
  /** What may be drawn from the schema of the parameters. */
  readonly parameterSpace: Space;
  /** What may be drawn from the action schema of an agent. */
  actionSpace(agent: A): Space;
  /** Whether a value is one of the agent's actions, whatever the state. */
  isAction(agent: A, value: unknown): boolean;
  /** The same as a function of the value alone, with the actions where they are few. */
  actionCheck(agent: A): Check;
  isObservation(agent: A, value: unknown): boolean;
  /** An episode before its first round. @throws RangeError naming the parameter that the schema refuses. */
  start(options: StartOptions<P, A, S>): Episode<z.output<P>, A, O, C, S>;
}

export interface StartOptions<P extends z.ZodObject, A extends string = string, S extends object = object> {
  /** Checked by the schema, which fills its defaults. */
  readonly parameters?: z.input<P>;
  /** The environment's chance alone. */
  readonly random: Random;
  /** Goes on from what `save()` gave, also where it was written to a file and read again. */
  readonly from?: Saved<A, S>;
}

/**
 * Defines an environment. Types tie actions, observations and parameters together: a wrong action is red in the editor.
 * @example
 * const pennies = defineEnvironment({
 *   name: "matching-pennies",
 *   parameters: z.object({ rounds: z.int().min(1).max(100).default(10) }),
 *   agents: ["even", "odd"],
 *   observation: z.enum(["nothing", "won", "lost"]),
 *   action: z.enum(["heads", "tails"]),
 *   reset: () => ({ played: 0, won: null as string | null }),
 *   observe: ({ state, agent }) => (state.won === null ? "nothing" : state.won === agent ? "won" : "lost"),
 *   step({ state, actions, rewards, parameters }) {
 *     state.won = actions.even === actions.odd ? "even" : "odd";
 *     rewards.even = state.won === "even" ? 1 : -1;
 *     rewards.odd = -rewards.even;
 *     state.played += 1;
 *     return state.played === parameters.rounds ? "truncated" : "running";
 *   },
 *   utility: "zero-sum",
 * });
 * @throws TypeError for a name that is none, a schema that nothing can be drawn from, an agent without a schema.
 */
export function defineEnvironment<
  P extends z.ZodObject,
  const A extends string,
  O extends Spaces<A>,
  C extends Spaces<A>,
  S extends object,
>(
  definition: SimultaneousDefinition<P, A, O, C, S> | TurnDefinition<P, A, O, C, S>,
): Environment<P, A, O, C, S> {
  const { name, parameters, observation, action } = definition;
  if (!/^[A-Za-z0-9_.-]{1,100}$/.test(name)) {
    throw new TypeError(
      `environment ${JSON.stringify(name)}: a name is 1 to 100 letters, digits, "-", "_" or "."`,
    );
  }
  const parameterSpace = spaceOf(parameters);
  const actions = perAgent(action, (schema) => ({ space: spaceOf(schema), check: checkOf(schema) }));
  const observations = perAgent(observation, checkOf);
  const rules = rulesOf(definition);
  const environment: Environment<P, A, O, C, S> = {
    kind: environmentKind,
    name,
    description: definition.description ?? null,
    parameters,
    observation,
    action,
    utility: definition.utility ?? null,
    hasTurns: rules.turn !== null,
    rules,
    parameterSpace,
    actionSpace: (agent) => actions(agent).space,
    isAction: (agent, value) => actions(agent).check.has(value),
    actionCheck: (agent) => actions(agent).check,
    isObservation: (agent, value) => observations(agent).has(value),
    start: ({ parameters: given, ...options }) =>
      new Episode(environment, { parameters: parametersOf(environment, given ?? {}), ...options }),
  };
  return environment;
}

/** Whether a value is an environment, made by this or another copy of labwright. */
export function isEnvironment(value: unknown): value is Environment {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === environmentKind;
}

/** The parameters of an episode, checked and completed by the environment's schema. @throws RangeError naming the first that does not fit. */
function parametersOf<P extends z.ZodObject>(
  environment: { readonly name: string; readonly parameters: P },
  given: unknown,
): z.output<P> {
  const read = environment.parameters.safeParse(given);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const at = issue === undefined || issue.path.length === 0 ? "parameters" : issue.path.join(".");
  throw new RangeError(`environment ${environment.name}: ${at}: ${issue?.message ?? "invalid"}`);
}

/** What is made of the schema of each agent, once for each. @throws TypeError for an agent without one. */
function perAgent<T>(spaces: Spaces<string>, make: (schema: z.ZodType) => T): (agent: string) => T {
  if (isSchema(spaces)) {
    const one = make(spaces);
    return () => one;
  }
  const each = new Map(Object.entries(spaces).map(([agent, schema]) => [agent, make(schema)]));
  return (agent) => {
    const own = each.get(agent);
    if (own === undefined) throw new TypeError(`there is no schema for the agent ${JSON.stringify(agent)}`);
    return own;
  };
}

function isSchema(spaces: Spaces<string>): spaces is z.ZodType {
  return "safeParse" in spaces && typeof spaces.safeParse === "function";
}
