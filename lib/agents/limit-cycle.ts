// Where learned strategies end up: the cycle of states that greedy play runs into from a given state.
// States and joint actions are numbered as in q-learning.ts.

/** Sizes that fix how states are numbered. */
export interface StateSpace {
  readonly agents: number;
  readonly actions: number;
  readonly memory: number;
}

/** Greedy play, as `Learner.snapshot()` gives it: greedy action of row state * agents + agent. */
export interface LearnedStrategies extends StateSpace {
  readonly greedy: ArrayLike<number>;
}

/** The actions of all agents, and the state they lead to. */
export interface Step {
  readonly actions: readonly number[];
  readonly state: number;
}

/** What everyone plays in `state`, with the deviator's action replaced when one is given. */
export function stepFrom(
  strategies: LearnedStrategies,
  state: number,
  deviation?: { readonly agent: number; readonly action: number },
): Step {
  const { agents, actions, memory, greedy } = strategies;
  const chosen = Array.from({ length: agents }, (_, agent) => greedy[state * agents + agent]!);
  if (deviation) chosen[deviation.agent] = deviation.action;
  if (memory === 0) return { actions: chosen, state: 0 };
  const joint = jointActionOf(chosen, actions);
  return {
    actions: chosen,
    state: joint * actions ** (agents * (memory - 1)) + Math.floor(state / actions ** agents),
  };
}

/** The number of a joint action: agent 0 most significant. */
export function jointActionOf(chosen: readonly number[], actions: number): number {
  return chosen.reduce((number, action) => number * actions + action, 0);
}

/**
 * The limit cycle of greedy play from `state`: its steps in order of play, beginning after the state at which it is
 * entered and ending with that state. A fixed point is a cycle of one step.
 * @example limitCycleOf({ agents: 2, actions: 15, memory: 1, greedy }, state).length // 1 in most sessions
 */
export function limitCycleOf(strategies: LearnedStrategies, state: number): readonly Step[] {
  const steps: Step[] = [];
  const seen = new Map<number, number>();
  for (let current = state; ; ) {
    const step = stepFrom(strategies, current);
    const first = seen.get(step.state);
    steps.push(step);
    if (first !== undefined) return steps.slice(first + 1);
    seen.set(step.state, steps.length - 1);
    current = step.state;
  }
}
