// Agents that leave: at every round each of those who act leaves a copy of the episode, in an environment that says what then holds. What it owes
// then is held against that copy, and against one more round of those who stay.
import type { Value } from "../../lib/environments/environment/definition.ts";
import type { Environment } from "../../lib/environments/environment/environment.ts";
import { type Conformance, type Fault, fault, type OpenEpisode } from "./conformance.ts";
import { textOf } from "./plain-state.ts";

export interface Held {
  readonly check: Conformance;
  readonly invariant: (episode: OpenEpisode) => Fault | null;
  /** An action that is allowed to the agent. */
  readonly act: (episode: OpenEpisode, agent: string) => Value;
}

/** The first rule that is broken where somebody leaves now; null where all hold, or the environment cannot do without its agents. */
export function leavingFault(environment: Environment, episode: OpenEpisode, held: Held): Fault | null {
  if (environment.rules.forfeit === null) return null;
  for (const agent of episode.acting) {
    let found: Fault | null;
    try {
      found = withoutFault(episode, agent, held);
    } catch (error) {
      found = fault("leaving ends without an error", error instanceof Error ? error.message : String(error));
    }
    if (found !== null) return { rule: found.rule, found: `${agent} leaves: ${found.found}` };
  }
  return null;
}

function withoutFault(episode: OpenEpisode, agent: string, { check, invariant, act }: Held): Fault | null {
  const [branch, twin] = [episode.copy(), episode.copy()];
  for (const one of [branch, twin]) one.forfeit(agent, "an attack");
  const [text, again] = [branch, twin].map(({ state, rewards, standing }) =>
    textOf({ state, rewards, standing }),
  );
  if (text !== again) return fault("who leaves twice leaves the same behind", `${text} and ${again}`);
  const still = branch.acting.includes(agent)
    ? fault("who has left acts no more", `it acts in round ${branch.round}`)
    : null;
  const broken = check.left(episode, branch) ?? still ?? invariant(branch) ?? check.moment(branch, [agent]);
  if (broken !== null || branch.standing !== "running") return broken;
  const before = branch.copy();
  const actions = Object.fromEntries(branch.acting.map((other) => [other, act(branch, other)]));
  const given = textOf(actions);
  branch.step(actions);
  return (
    check.round(before, branch, { actions, given }) ??
    (branch.acting.includes(agent)
      ? fault("who has left acts no more", `it acts in round ${branch.round}`)
      : null) ??
    invariant(branch) ??
    check.moment(branch, [agent])
  );
}
