// The functions of a definition in one shape, whether all agents act at once or one by one: what an episode calls.
import type { z } from "zod";
import type { Random } from "../../random/random.ts";
import type { Standing } from "./agent.ts";
import type {
  ForfeitContext,
  Moment,
  SimultaneousDefinition,
  Spaces,
  SpaceValue,
  Transition,
  TurnDefinition,
  WholeContext,
  WholeEpisode,
} from "./definition.ts";

/** The author's functions. */
export interface Rules<P, A extends string, O, C, S> {
  agents(parameters: P): readonly A[];
  reset(context: { readonly parameters: P; readonly random: Random }): S;
  observe(context: Moment<P, S> & { readonly agent: A }): SpaceValue<O, A>;
  readonly legal: ((context: Moment<P, S> & { readonly agent: A }) => readonly SpaceValue<C, A>[]) | null;
  readonly alive: ((context: Moment<P, S>) => readonly A[]) | null;
  readonly turn: ((context: Moment<P, S>) => A) | null;
  readonly forfeit: ((context: ForfeitContext<P, S, A>) => Standing) | null;
  readonly render: ((context: Moment<P, S>) => string) | null;
  readonly resample: ((context: Moment<P, S> & { readonly agent: A; readonly random: Random }) => S) | null;
  readonly rewardRange: ((parameters: P) => readonly [min: number, max: number]) | null;
  readonly roundsMax: ((parameters: P) => number) | null;
  readonly invariants: Readonly<Record<string, (context: Moment<P, S>) => boolean | string>>;
  readonly laws: Readonly<Record<string, (transition: Transition<P, S, A, C>) => boolean | string>>;
  step(context: StepInput<P, A, S>): Standing;
  readonly whole: ((context: WholeContext<P, S>) => WholeEpisode | null) | null;
}

export interface StepInput<P, A extends string, S> extends Moment<P, S> {
  readonly random: Random;
  readonly round: number;
  readonly rewards: Record<A, number>;
  /** Of everybody who acts. */
  readonly actions: Readonly<Partial<Record<A, unknown>>>;
  /** Whose turn it is; undefined where all act at once. */
  readonly agent: A | undefined;
  readonly action: unknown;
}

export function rulesOf<
  P extends z.ZodObject,
  A extends string,
  O extends Spaces<A>,
  C extends Spaces<A>,
  S extends object,
>(
  definition: SimultaneousDefinition<P, A, O, C, S> | TurnDefinition<P, A, O, C, S>,
): Rules<z.output<P>, A, O, C, S> {
  const { agents } = definition;
  return {
    agents: typeof agents === "function" ? agents : () => agents,
    reset: (context) => definition.reset(context),
    observe: definition.observe.bind(definition),
    legal: definition.legal?.bind(definition) ?? null,
    alive: definition.alive?.bind(definition) ?? null,
    turn: definition.turn?.bind(definition) ?? null,
    forfeit: definition.forfeit?.bind(definition) ?? null,
    render: definition.render?.bind(definition) ?? null,
    resample: definition.resample?.bind(definition) ?? null,
    rewardRange: definition.rewardRange?.bind(definition) ?? null,
    roundsMax: definition.roundsMax?.bind(definition) ?? null,
    invariants: definition.invariants ?? {},
    laws: definition.laws ?? {},
    whole: definition.whole?.bind(definition) ?? null,
    // An episode hands over what the kind of this definition takes: checked actions by agent, or one agent with its action.
    step: (definition.step ?? definition.move).bind(definition) as Rules<z.output<P>, A, O, C, S>["step"],
  };
}
