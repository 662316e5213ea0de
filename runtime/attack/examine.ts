// Plays one scenario and holds everything that an environment promises against it: its own invariants and laws, and what every environment
// owes (Gymnasium's check_env, PettingZoo's api_test and seed_test, OpenSpiel's RandomSimTest).

import type { Value } from "../../lib/environments/environment/definition.ts";
import type { Environment } from "../../lib/environments/environment/environment.ts";
import { drawFrom, type Space, valuesOf } from "../../lib/environments/environment/space.ts";
import { type Random, randomFrom } from "../../lib/random/random.ts";
import { conformanceOf, type Fault, type OpenEpisode } from "./conformance.ts";
import type { Coverage } from "./coverage.ts";
import { leavingFault } from "./leaving.ts";
import { textOf } from "./plain-state.ts";
import type { Scenario, Violation } from "./scenario.ts";

/** The first rule that the environment breaks in this scenario; null when all hold. */
export function examine(environment: Environment, scenario: Scenario, coverage?: Coverage): Violation | null {
  const first = playThrough(environment, scenario, coverage);
  if (first.violation !== null) return first.violation;
  // Whatever is not a function of parameters, seed and actions (Math.random, a module's counter) shows the second time.
  const second = playThrough(environment, scenario);
  if (second.violation !== null) return second.violation;
  const at = first.transcript.findIndex((line, i) => line !== second.transcript[i]);
  if (at < 0) return null;
  return {
    rule: "conformance: the same parameters, seed and actions give the same episode",
    found: `played twice, ${at === 0 ? "the reset" : `round ${at - 1}`} differs: ${first.transcript[at]} and ${second.transcript[at]}`,
    round: at,
    actions: first.actions.slice(0, at),
    before: null,
    after: null,
  };
}

/** What everybody who acts does. */
type Chosen = Readonly<Record<string, Value>>;

interface PlayedThrough {
  readonly violation: Violation | null;
  /** A line for the reset and for every round. */
  readonly transcript: readonly string[];
  readonly actions: readonly Chosen[];
}

function playThrough(environment: Environment, scenario: Scenario, coverage?: Coverage): PlayedThrough {
  const transcript: string[] = [];
  const actions: Chosen[] = [];
  let before: unknown = null;
  let episode: OpenEpisode | null = null;
  const broken = (rule: string, found: string): PlayedThrough => ({
    violation: { rule, found, round: actions.length, actions, before, after: episode?.state ?? null },
    transcript,
    actions,
  });
  let doing = "reset";
  try {
    episode = environment.start({ parameters: scenario.parameters, random: chanceOf(scenario.seed) });
    const check = conformanceOf(environment, episode);
    const choices = [...scenario.choices];
    for (;;) {
      transcript.push(lineOf(episode));
      coverage?.see(episode);
      doing = "looking at the state";
      const fault = invariantOf(environment, episode) ?? check.moment(episode);
      if (fault !== null) return broken(fault.rule, fault.found);
      const gone = leavingFault(environment, episode, {
        check,
        invariant: (branch) => invariantOf(environment, branch),
        act: (branch, agent) => chosenBy(0, environment, branch, agent),
      });
      if (gone !== null) return broken(gone.rule, gone.found);
      const { acting } = episode;
      if (acting.length === 0 || choices.length < acting.length)
        return { violation: null, transcript, actions };
      doing = "an action";
      const chosen = Object.fromEntries(
        acting.map((agent) => [agent, chosenBy(choices.shift()!, environment, episode!, agent)]),
      );
      coverage?.act(chosen);
      const earlier: OpenEpisode = episode.copy();
      before = earlier.state;
      const given = textOf(chosen);
      actions.push(chosen);
      doing = "step";
      episode.step(chosen);
      const broke =
        check.round(earlier, episode, { actions: chosen, given }) ??
        lawOf(environment, earlier, episode, chosen);
      if (broke !== null) return broken(broke.rule, broke.found);
    }
  } catch (error) {
    return broken(
      `conformance: ${doing} ends without an error`,
      error instanceof Error ? error.message : String(error),
    );
  }
}

/** A stream that an environment can have from a trial: one of many by name. */
function chanceOf(seed: number): Random {
  return randomFrom(seed).stream("environment");
}

function lineOf(episode: OpenEpisode): string {
  const { state, rewards, standing } = episode;
  const observations = episode.living.map((agent) => episode.observe(agent));
  return textOf({ state, rewards, standing, observations });
}

function chosenBy(choice: number, environment: Environment, episode: OpenEpisode, agent: string): Value {
  const legal = episode.legal(agent) ?? valuesOf(environment.actionSpace(agent));
  if (legal !== null) {
    if (legal.length === 0) throw new Error(`${agent} has no action that is allowed`);
    // The index is within the list, and a space holds values.
    return legal[choice % legal.length] as Value;
  }
  return acceptedOf(environment.actionSpace(agent), choice, (value) => environment.isAction(agent, value));
}

/** A drawn value that the schema accepts: a refinement may refuse some. */
function acceptedOf(space: Space, seed: number, isAccepted: (value: unknown) => boolean): Value {
  const random = randomFrom(seed);
  for (let attempt = 0; attempt < 1000; attempt++) {
    const value = drawFrom(space, random);
    if (isAccepted(value)) return value as Value;
  }
  throw new Error("of a thousand values drawn from a schema it accepts none");
}

function invariantOf(environment: Environment, episode: OpenEpisode): Fault | null {
  const { parameters, state } = episode;
  for (const [name, holds] of Object.entries(environment.rules.invariants)) {
    const said = holds({ parameters, state });
    if (said !== true) return { rule: `invariant: ${name}`, found: wordsOf(said) };
  }
  return null;
}

function lawOf(
  environment: Environment,
  earlier: OpenEpisode,
  episode: OpenEpisode,
  actions: Chosen,
): Fault | null {
  const laws = Object.entries(environment.rules.laws);
  if (laws.length === 0) return null;
  const transition = {
    ...transitionOf(earlier, episode, actions),
    had(others: Chosen) {
      const branch = earlier.copy();
      try {
        branch.step(others);
      } catch (error) {
        if (error instanceof RangeError) return null;
        throw error;
      }
      return transitionOf(earlier, branch, others);
    },
  };
  for (const [name, holds] of laws) {
    const said = holds(transition);
    if (said !== true) return { rule: `law: ${name}`, found: wordsOf(said) };
  }
  return null;
}

function transitionOf(earlier: OpenEpisode, later: OpenEpisode, actions: Chosen) {
  return {
    parameters: later.parameters,
    round: earlier.round,
    before: earlier.state,
    after: later.state,
    actions,
    rewards: later.rewards,
    standing: later.standing,
  };
}

function wordsOf(said: string | boolean | undefined): string {
  return typeof said === "string" ? said : "it does not hold";
}
