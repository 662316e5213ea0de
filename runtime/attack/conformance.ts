// What every environment owes, whatever it is about. Each rule is one sentence, which is how a violation is named.
import type { Value } from "../../lib/environments/environment/definition.ts";
import type { Environment } from "../../lib/environments/environment/environment.ts";
import type { Episode } from "../../lib/environments/environment/episode.ts";
import { valuesOf } from "../../lib/environments/environment/space.ts";
import { Random, randomFrom } from "../../lib/random/random.ts";
import { notPlain, textOf } from "./plain-state.ts";

/** An episode of any environment. */
export type OpenEpisode = ReturnType<Environment["start"]>;

export interface Fault {
  readonly rule: string;
  readonly found: string;
}

export interface Conformance {
  /** What must hold between two rounds, of an episode that these have left. */
  moment(episode: OpenEpisode, left?: readonly string[]): Fault | null;
  /** What must hold of a round; `given` is the text of the actions as they were handed over. */
  round(
    earlier: OpenEpisode,
    later: OpenEpisode,
    done: { readonly actions: Readonly<Record<string, Value>>; readonly given: string },
  ): Fault | null;
  /** What must hold once somebody has left before a round. */
  left(earlier: OpenEpisode, later: OpenEpisode): Fault | null;
}

export const fault = (sentence: string, found: string): Fault => ({
  rule: `conformance: ${sentence}`,
  found,
});

/** The checks of one episode, which remember who was alive and what the parameters were. */
export function conformanceOf(environment: Environment, start: OpenEpisode): Conformance {
  const parameters = textOf(start.parameters);
  const changeFault = (earlier: OpenEpisode, later: OpenEpisode): Fault | null =>
    standingFault(environment, later) ??
    paidFault(environment, later) ??
    aliveFault(earlier, later) ??
    (textOf(later.parameters) === parameters
      ? null
      : fault("a round changes no parameter", `${parameters} became ${textOf(later.parameters)}`));
  const spaces = new Map(start.agents.map((agent) => [agent, environment.actionSpace(agent)]));
  return {
    moment: (episode, left = []) =>
      agentsFault(environment, { start, episode, left }) ??
      stateFault(episode) ??
      lookingFault(environment, episode) ??
      actionsFault(environment, episode, spaces) ??
      hiddenFault(environment, episode),
    left: (earlier, later) => changeFault(earlier, later),
    round: (earlier, later, done) =>
      changeFault(earlier, later) ??
      (textOf(done.actions) === done.given
        ? null
        : fault("a round changes no action", `${done.given} became ${textOf(done.actions)}`)) ??
      copyFault(earlier, later, done.actions),
  };
}

function agentsFault(
  environment: Environment,
  of: { readonly start: OpenEpisode; readonly episode: OpenEpisode; readonly left: readonly string[] },
): Fault | null {
  const { episode, left } = of;
  const { agents } = of.start;
  const now = environment.rules.agents(episode.parameters);
  if (textOf(now) !== textOf(agents)) {
    return fault("the agents of an episode are always the same", `${textOf(agents)} became ${textOf(now)}`);
  }
  const stranger = [...episode.living, ...episode.acting].find((agent) => !agents.includes(agent));
  if (stranger !== undefined) return fault("who acts or lives is one of the agents", `${stranger} is none`);
  const absent =
    episode.round > 0
      ? undefined
      : agents.find((agent) => !episode.living.includes(agent) && !left.includes(agent));
  if (absent !== undefined) return fault("everybody is in the game at the start", `${absent} is not`);
  const dead = episode.acting.find((agent) => !episode.living.includes(agent));
  return dead === undefined ? null : fault("who acts is alive", `${dead} is not`);
}

function stateFault(episode: OpenEpisode): Fault | null {
  const found = notPlain(episode.state);
  if (found !== null) return fault("the state is plain data", found);
  const copy = structuredClone(episode.state);
  return textOf(copy) === textOf(episode.state)
    ? null
    : fault("a copy of the state is equal to it", textOf(copy));
}

/** Observations lie in their space, are the same when asked twice, and neither they nor anything else that only looks changes the world. */
function lookingFault(environment: Environment, episode: OpenEpisode): Fault | null {
  const state = textOf(episode.state);
  const chance = chanceAhead(episode);
  for (const agent of episode.living) {
    const seen = episode.observe(agent);
    if (!environment.isObservation(agent, seen)) {
      return fault("an observation is in its space", `${agent} sees ${textOf(seen)}`);
    }
    const again = textOf(episode.observe(agent));
    if (again !== textOf(seen)) {
      return fault(
        "an observation asked for twice is the same",
        `${agent} sees ${textOf(seen)} and ${again}`,
      );
    }
  }
  const picture: unknown = episode.render();
  if (typeof picture !== "string") return fault("what is rendered is text", textOf(picture) ?? "nothing");
  void episode.acting;
  for (const agent of episode.living) episode.legal(agent);
  if (textOf(episode.state) !== state) {
    return fault("looking changes nothing", `the state ${state} became ${textOf(episode.state)}`);
  }
  return chanceAhead(episode) === chance ? null : fault("looking draws no random number", "the stream moved");
}

function actionsFault(
  environment: Environment,
  episode: OpenEpisode,
  spaces: ReadonlyMap<string, ReturnType<Environment["actionSpace"]>>,
): Fault | null {
  for (const agent of episode.acting) {
    const legal = episode.legal(agent) ?? valuesOf(spaces.get(agent)!);
    if (legal === null) continue;
    if (legal.length === 0) return fault("who acts has an action", `${agent} has none`);
    if (new Set(legal.map(textOf)).size < legal.length) {
      return fault("allowed actions are listed once", `${agent}: ${textOf(legal)}`);
    }
    const wrong = legal.find((action) => !environment.isAction(agent, action));
    if (wrong !== undefined)
      return fault("an allowed action is in the action space", `${agent}: ${textOf(wrong)}`);
  }
  return null;
}

/** What is hidden from an agent, drawn anew, changes nothing of what it sees and may do. */
function hiddenFault(environment: Environment, episode: OpenEpisode): Fault | null {
  const { resample } = environment.rules;
  if (resample === null) return null;
  for (const agent of episode.living) {
    const before = textOf(episode.state);
    for (let seed = 0; seed < 3; seed++) {
      const { parameters } = episode;
      const random = randomFrom(seed);
      const state = resample({ parameters, state: structuredClone(episode.state), agent, random });
      const other = episode.copy(state);
      const [seen, would] = [episode, other].map((one) => textOf([one.observe(agent), one.legal(agent)]));
      if (seen !== would) {
        return fault(
          "an agent does not see what is hidden from it",
          `${agent} sees ${seen}, and ${would} when it is drawn anew`,
        );
      }
    }
    if (textOf(episode.state) !== before)
      return fault("looking changes nothing", "resample changed the state");
  }
  return null;
}

function standingFault({ rules }: Environment, later: OpenEpisode): Fault | null {
  const known = ["running", "terminated", "truncated"];
  if (!known.includes(later.standing))
    return fault("a round says running, terminated or truncated", textOf(later.standing ?? null));
  const most = rules.roundsMax?.(later.parameters) ?? Infinity;
  return later.round < most || (later.round === most && later.standing !== "running")
    ? null
    : fault(
        "an episode has at most the rounds that are said",
        `after ${later.round} of ${most} it is ${later.standing}`,
      );
}

function paidFault(environment: Environment, later: OpenEpisode): Fault | null {
  const paid = Object.keys(later.rewards);
  const stranger = paid.find((agent) => !later.agents.includes(agent));
  if (stranger !== undefined) return fault("who is paid is one of the agents", `${stranger} is none`);
  const [min, max] = environment.rules.rewardRange?.(later.parameters) ?? [-Infinity, Infinity];
  const outside = later.agents.find(
    (agent) => !(later.rewards[agent]! >= min && later.rewards[agent]! <= max),
  );
  if (outside !== undefined) {
    return fault(
      "a reward is in its range",
      `${outside} earns ${later.rewards[outside]}, not ${min} to ${max}`,
    );
  }
  const rewards = later.agents.map((agent) => later.rewards[agent]!);
  const size = rewards.reduce((most, reward) => Math.max(most, Math.abs(reward)), 1);
  const sum = rewards.reduce((total, reward) => total + reward, 0);
  if (environment.utility === "zero-sum" && Math.abs(sum) > 1e-9 * size * rewards.length) {
    return fault(
      "the rewards of a zero-sum environment add up to 0",
      `${textOf(later.rewards)} add up to ${sum}`,
    );
  }
  const isEqual = rewards.every((reward) => Math.abs(reward - rewards[0]!) <= 1e-9 * size);
  return environment.utility !== "identical" || isEqual
    ? null
    : fault("all agents are paid the same", textOf(later.rewards));
}

function aliveFault(earlier: OpenEpisode, later: OpenEpisode): Fault | null {
  const back = later.living.find((agent) => !earlier.living.includes(agent));
  return back === undefined ? null : fault("nobody comes back", `${back} was out of the game`);
}

/** The copy of the episode, played on with the same actions, is where the episode is: nothing lies outside state and chance. */
function copyFault(
  earlier: OpenEpisode,
  later: OpenEpisode,
  actions: Readonly<Record<string, Value>>,
): Fault | null {
  const copy = earlier.copy();
  copy.step(structuredClone(actions));
  const [one, other] = [later, copy].map(({ state, rewards, standing }) =>
    textOf({ state, rewards, standing }),
  );
  return one === other
    ? null
    : fault("a copy that is played on with the same actions goes the same way", `${one} and ${other}`);
}

/** Where all streams of the episode stand. */
function chanceAhead(episode: Pick<Episode<unknown, string, unknown, unknown, object>, "random">): string {
  return textOf(Random.stateOf(episode.random));
}
