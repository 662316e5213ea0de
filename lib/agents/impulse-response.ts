// What learned strategies do after one agent is forced to deviate for one period, as in Calvano et al. (AER 2020,
// section IV.B): the deviator plays a given action, such as its static best response, then all play greedily.
import { jointActionOf, type LearnedStrategies, type Step, stepFrom } from "./limit-cycle.ts";

export interface DeviationOptions {
  /** A state on the limit cycle: the deviation takes the place of the play that would follow it. */
  readonly state: number;
  /** Who is forced to deviate. */
  readonly agent: number;
  /** What it is forced to play; `staticBestResponse` gives the paper's deviation. */
  readonly action: number;
  /** States of the limit cycle, to tell when play is back. */
  readonly cycle: ReadonlySet<number>;
  /** Payoffs as in LearningProblem, averaged over shocks: m^n rows of n. */
  readonly payoffs: ArrayLike<number>;
  readonly discount: number;
  /** How many periods of the path to give, the one of the deviation included; 25 unless told. */
  readonly periods?: number;
}

export interface Deviation {
  /** Play from the deviation on. */
  readonly path: readonly Step[];
  /** Periods until play is on the limit cycle again, the deviation counted; null when it settles elsewhere. */
  readonly periodsToReturn: number | null;
  /** The deviator's discounted payoff with the deviation minus the one without. */
  readonly gain: number;
}

/**
 * The path after a one-period deviation.
 * @example
 * const action = staticBestResponse(strategies, { state, agent: 0, payoffs });
 * deviate(strategies, { state, agent: 0, action, cycle: new Set([state]), payoffs, discount: 0.95 }).gain // below 0: punished
 */
export function deviate(strategies: LearnedStrategies, options: DeviationOptions): Deviation {
  const { state, agent, action, cycle, periods = 25 } = options;
  const first = stepFrom(strategies, state, { agent, action });
  const path: Step[] = [first];
  while (path.length < periods) path.push(stepFrom(strategies, path.at(-1)!.state));
  return {
    path,
    periodsToReturn: periodsToReturn(strategies, first, cycle),
    gain:
      payoffFrom(strategies, first, options) - payoffFrom(strategies, stepFrom(strategies, state), options),
  };
}

/** The agent's best action for one period against what the others play in `state`; the lowest of equal ones. */
export function staticBestResponse(
  strategies: LearnedStrategies,
  options: Pick<DeviationOptions, "state" | "agent" | "payoffs">,
): number {
  const { state, agent, payoffs } = options;
  let best = 0;
  let highest = -Infinity;
  for (let action = 0; action < strategies.actions; action++) {
    const { actions } = stepFrom(strategies, state, { agent, action });
    const payoff = payoffs[jointActionOf(actions, strategies.actions) * strategies.agents + agent]!;
    if (payoff > highest) {
      highest = payoff;
      best = action;
    }
  }
  return best;
}

function periodsToReturn(
  strategies: LearnedStrategies,
  first: Step,
  cycle: ReadonlySet<number>,
): number | null {
  const seen = new Set<number>();
  let { state } = first;
  for (let period = 1; !seen.has(state); period++) {
    if (cycle.has(state)) return period;
    seen.add(state);
    state = stepFrom(strategies, state).state;
  }
  return null;
}

/** Discounted payoff of the deviator from this step on, for ever: what precedes the cycle, then the cycle's geometric sum. */
function payoffFrom(strategies: LearnedStrategies, first: Step, options: DeviationOptions): number {
  const { agent, payoffs, discount } = options;
  const flows: number[] = [];
  const seen = new Map<number, number>();
  let step = first;
  while (!seen.has(step.state)) {
    seen.set(step.state, flows.length);
    flows.push(payoffs[jointActionOf(step.actions, strategies.actions) * strategies.agents + agent]!);
    step = stepFrom(strategies, step.state);
  }
  // `step` led back to a state that was reached by flow number `entered`: what follows repeats the flows after it.
  const entered = seen.get(step.state)!;
  const last = payoffs[jointActionOf(step.actions, strategies.actions) * strategies.agents + agent]!;
  const repeated = [...flows.slice(entered + 1), last];
  const before = flows.slice(0, entered + 1);
  const sum = (list: readonly number[]) => list.reduce((total, flow, t) => total + discount ** t * flow, 0);
  return sum(before) + (discount ** before.length * sum(repeated)) / (1 - discount ** repeated.length);
}
