// Environments with one deliberate fault each, of the kinds that environments really have, and the rule that must catch it.
import type { z } from "zod";
import type { SimultaneousDefinition } from "../../../lib/environments/environment/definition.ts";
import { defineEnvironment, type Environment } from "../../../lib/environments/environment/environment.ts";
import { type Random, randomFrom } from "../../../lib/random/random.ts";
import { highCard, pennies, standOff } from "./sound.ts";

export interface Mutant {
  readonly name: string;
  readonly environment: Environment;
  readonly rule: RegExp;
  /** True unless told: the fault shows whenever the same scenario is played. */
  readonly isDeterministic?: boolean;
}

/** The rules of an environment with some of them replaced. */
function altered(
  sound: unknown,
  change: (rules: Environment["rules"]) => Partial<Environment["rules"]>,
): Environment {
  // Any environment, seen without the types of its own parts, as the attack sees it.
  const environment = sound as Environment;
  const rules = { ...environment.rules, ...change(environment.rules) };
  const { name, parameters, observation, action, utility } = environment;
  const { step: played, ...others } = rules;
  const mutant = {
    ...others,
    [environment.hasTurns ? "move" : "step"]: played,
    name,
    parameters,
    observation,
    action,
    utility,
  };
  const given = Object.fromEntries(Object.entries(mutant).filter(([, part]) => part !== null));
  // Rules are what a definition says, under the same names.
  return defineEnvironment(
    given as unknown as SimultaneousDefinition<z.ZodObject, string, z.ZodType, z.ZodType, object>,
  );
}

/** A round that does what it did, and then something more. */
function afterStep(
  sound: unknown,
  more: (context: {
    readonly state: never;
    readonly rewards: Record<string, number>;
    readonly round: number;
  }) => void,
): Environment {
  return altered(sound, (rules) => ({
    step(context) {
      const standing = rules.step(context);
      more(context as never);
      return standing;
    },
  }));
}

let calls = 0;
/** One stream for all episodes. */
const shared = randomFrom("shared");
/** The chance of the episode that began last. */
let kept: Random = shared;

export const mutants: readonly Mutant[] = [
  {
    name: "a leak of hidden information",
    environment: altered(highCard, (rules) => ({
      observe: (context) => {
        const seen = rules.observe(context) as { own: number; left: number };
        const { deck } = context.state as { deck: readonly number[] };
        return { ...seen, left: deck.at(-1) ?? 0 };
      },
    })),
    rule: /does not see what is hidden/,
  },
  {
    name: "a leak through the allowed actions",
    environment: altered(highCard, () => ({
      legal: (context) => {
        const { hands } = context.state as { hands: Record<string, number> };
        return hands.first! > hands.second! ? ["stay", "change"] : ["stay"];
      },
    })),
    rule: /does not see what is hidden/,
  },
  {
    name: "a card is lost",
    environment: afterStep(highCard, ({ state }) => (state as { scrap: number[] }).scrap.shift()),
    rule: /invariant: cards are conserved/,
  },
  {
    name: "a card comes twice",
    environment: altered(highCard, (rules) => ({
      reset(context) {
        const state = rules.reset(context) as { deck: number[]; hands: Record<string, number> };
        state.deck[0] = state.hands.first!;
        return state;
      },
    })),
    rule: /invariant: cards are conserved/,
  },
  {
    name: "a reward is off by one",
    environment: afterStep(pennies, ({ rewards }) => {
      rewards.even = rewards.even! + 1;
      rewards.odd = -rewards.even;
    }),
    rule: /law: rewards are the stake/,
  },
  {
    name: "rewards do not add up",
    environment: afterStep(highCard, ({ rewards, round }) => {
      if (round === 2) rewards.second = 0.5;
    }),
    rule: /zero-sum environment add up to 0/,
  },
  {
    name: "a reward that is no number",
    environment: afterStep(pennies, ({ rewards, round }) => {
      if (round === 3) rewards.odd = Number.NaN;
    }),
    rule: /step ends without an error/,
  },
  {
    name: "somebody is paid who does not play",
    environment: afterStep(pennies, ({ rewards }) => {
      rewards.bank = 0;
    }),
    rule: /who is paid is one of the agents/,
  },
  {
    name: "an observation out of its space",
    environment: altered(highCard, (rules) => ({
      observe: (context) => {
        const seen = rules.observe(context) as { own: number; left: number };
        return { ...seen, left: seen.left - 4 };
      },
    })),
    rule: /an observation is in its space/,
  },
  {
    name: "looking changes the world",
    environment: altered(highCard, (rules) => ({
      observe: (context) => {
        (context.state as { moves: number }).moves += 0.5;
        return rules.observe(context);
      },
    })),
    rule: /looking changes nothing|asked for twice/,
  },
  {
    name: "a random number from outside",
    environment: altered(highCard, (rules) => ({
      reset(context) {
        const state = rules.reset(context) as { deck: number[] };
        state.deck.sort(() => Math.random() - 0.5);
        return state;
      },
    })),
    rule: /the same parameters, seed and actions/,
    isDeterministic: false,
  },
  {
    name: "a random stream that all episodes share",
    environment: altered(highCard, (rules) => ({
      reset: (context) => rules.reset({ ...context, random: shared }),
    })),
    rule: /the same parameters, seed and actions/,
    isDeterministic: false,
  },
  {
    name: "a named stream that looking moves",
    environment: altered(highCard, (rules) => ({
      reset(context) {
        kept = context.random;
        return rules.reset(context);
      },
      render() {
        kept.stream("glance").float();
        return "";
      },
    })),
    rule: /looking draws no random number/,
  },
  {
    name: "a reward beyond the range that is said",
    environment: afterStep(highCard, ({ rewards }) => {
      rewards.first = 2 * rewards.first!;
      rewards.second = -rewards.first;
    }),
    rule: /a reward is in its range/,
  },
  {
    name: "an episode that goes on too long",
    environment: altered(pennies, (rules) => ({
      step: (context) => {
        const standing = rules.step(context);
        const { played, winner } = context.state as { played: number; winner: string };
        if (standing === "running" || winner === "odd") return standing;
        (context.state as { played: number }).played = played - 1;
        return "running";
      },
    })),
    rule: /an episode has at most the rounds that are said/,
  },
  {
    name: "an agent who is out from the start",
    environment: altered(pennies, () => ({ alive: () => ["even"] })),
    rule: /everybody is in the game at the start/,
  },
  {
    name: "a picture that is none",
    environment: altered(highCard, () => ({ render: () => undefined as unknown as string })),
    rule: /what is rendered is text/,
  },
  {
    name: "agents who change with the round",
    environment: altered(pennies, (rules) => {
      let asked = 0;
      return { agents: (parameters) => (asked++ % 7 === 3 ? ["even"] : rules.agents(parameters)) };
    }),
    rule: /the agents of an episode are always the same|ends without an error/,
    isDeterministic: false,
  },
  {
    name: "a round that changes an action",
    environment: altered(pennies, (rules) => ({
      step(context) {
        const standing = rules.step(context);
        (context.actions as Record<string, unknown>).odd = "heads";
        return standing;
      },
    })),
    rule: /a round changes no action/,
  },
  {
    name: "a counter outside the state",
    environment: afterStep(pennies, ({ rewards }) => {
      calls += 1;
      if (calls % 2 === 0) [rewards.even, rewards.odd] = [rewards.odd!, rewards.even!];
    }),
    rule: /goes the same way|the same parameters, seed and actions|law: other actions/,
    isDeterministic: false,
  },
  {
    name: "a fault at one parameter value",
    environment: altered(pennies, (rules) => ({
      step(context) {
        const standing = rules.step(context);
        const { rounds } = context.parameters as { rounds: number };
        if (rounds === 7) (context.state as { played: number }).played += 10;
        return standing;
      },
    })),
    rule: /invariant: rounds are counted/,
  },
  {
    name: "no action is allowed",
    environment: altered(highCard, (rules) => ({
      legal: (context) => {
        const { deck } = context.state as { deck: readonly number[] };
        return deck.length === 1 ? [] : (rules.legal?.(context) ?? []);
      },
    })),
    rule: /who acts has an action/,
  },
  {
    name: "an action is listed twice",
    environment: altered(highCard, () => ({ legal: () => ["stay", "stay"] })),
    rule: /allowed actions are listed once/,
  },
  {
    name: "an allowed action that is no action",
    environment: altered(highCard, () => ({ legal: () => ["stay", "fold"] })),
    rule: /an allowed action is in the action space/,
  },
  {
    name: "a function in the state",
    environment: altered(pennies, (rules) => ({
      reset: (context) => ({ ...rules.reset(context), undo: () => undefined }),
    })),
    rule: /the state is plain data/,
  },
  {
    name: "an agent comes back",
    environment: altered(pennies, () => ({
      alive: (context) =>
        (context.state as { played: number }).played % 2 === 0 ? ["even", "odd"] : ["even"],
    })),
    rule: /nobody comes back|step ends without an error/,
  },
  {
    name: "a turn of nobody",
    environment: altered(highCard, () => ({ turn: () => "third" })),
    rule: /one of the agents|an action ends without an error/,
  },
  {
    name: "a round that changes a parameter",
    environment: altered(pennies, (rules) => ({
      step(context) {
        (context.parameters as { stake: number }).stake += 1;
        return rules.step(context);
      },
    })),
    rule: /a round changes no parameter|law: rewards are the stake/,
  },
  {
    name: "an ending of its own",
    environment: altered(pennies, (rules) => ({
      step(context) {
        rules.step(context);
        return "done" as never;
      },
    })),
    rule: /running, terminated or truncated/,
  },
  {
    name: "an error in a rare state",
    environment: afterStep(highCard, ({ state }) => {
      if ((state as { scrap: readonly number[] }).scrap.length === 4) throw new Error("index out of range");
    }),
    rule: /step ends without an error/,
  },
  {
    name: "one who left plays on",
    environment: altered(standOff, () => ({ forfeit: () => "running" })),
    rule: /who has left acts no more/,
  },
  {
    name: "leaving pays too much",
    environment: altered(standOff, (rules) => ({
      forfeit(context) {
        context.rewards[context.agent] = 99;
        return rules.forfeit!(context);
      },
    })),
    rule: /a reward is in its range/,
  },
  {
    name: "leaving by chance of its own",
    environment: altered(standOff, (rules) => ({
      forfeit(context) {
        (context.state as { pot: number }).pot += Math.random();
        return rules.forfeit!(context);
      },
    })),
    rule: /who leaves twice leaves the same behind/,
  },
  {
    name: "a round that cannot do without who left",
    environment: altered(standOff, (rules) => ({
      step(context) {
        for (const sitter of ["left", "middle", "right"])
          if (context.actions[sitter] === undefined) throw new Error(`${sitter} does nothing`);
        return rules.step(context);
      },
    })),
    rule: /leaving ends without an error/,
  },
];
