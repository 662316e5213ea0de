// The readable reference: Q-learning as Calvano et al. (AER 2020, section II) define it, one plain loop for any number
// of agents, actions and any memory. The fast learners are tested to agree with it trajectory by trajectory.
import { nextUniform, type UniformStream } from "../uniform-stream.ts";
import { copyOf, greedyAction } from "./initial-state.ts";
import type { Learner, LearnerState, LearningStatus } from "./learner.ts";
import type { CheckedProblem } from "./learning-problem.ts";

/** A learner that does what the paper says and nothing more. */
export class ReferenceLearner implements Learner {
  readonly #problem: CheckedProblem;
  readonly #values: Float64Array;
  readonly #greedy: Uint16Array;
  readonly #epsilons: Float64Array;
  readonly #exploration: UniformStream;
  readonly #ties: UniformStream;
  #state: number;
  #stable: number;
  status: LearningStatus;
  periods: number;

  constructor(problem: CheckedProblem, start: LearnerState) {
    this.#problem = problem;
    this.#values = start.values.slice();
    this.#greedy = start.greedy.slice();
    this.#exploration = copyOf(start.exploration);
    this.#ties = copyOf(start.ties);
    this.#state = start.state;
    this.#epsilons = start.epsilons.slice();
    this.#stable = start.stable;
    this.status = start.status;
    this.periods = start.periods;
  }

  run(periods: number): LearningStatus {
    for (let left = periods; left > 0 && this.status === "learning"; left--) this.#period();
    return this.status;
  }

  #period(): void {
    const { actions, joint, high, shocks, stablePeriods, periodsMax } = this.#problem;
    const chosen = this.#choose();
    const jointAction = chosen.reduce((number, action) => number * actions + action, 0);
    const shock = shocks > 1 ? Math.floor(shocks * nextUniform(this.#exploration)) : 0;
    const next = jointAction * high + (high === 0 ? 0 : Math.floor(this.#state / joint));
    const changed = chosen.map((action, agent) =>
      this.#update(agent, action, shock * joint + jointAction, next),
    );
    this.periods += 1;
    this.#stable = changed.includes(true) ? 1 : this.#stable + 1;
    if (this.#stable === stablePeriods) {
      this.status = "converged";
      return;
    }
    this.#state = next;
    if (this.periods >= periodsMax) this.status = "exhausted";
  }

  /** Each agent explores with chance epsilon, else plays its greedy action; first all decide, then explorers draw. */
  #choose(): number[] {
    const { agents, actions, decays } = this.#problem;
    const stream = this.#exploration;
    const explores = Array.from(this.#epsilons, (epsilon) => nextUniform(stream) <= epsilon);
    for (let agent = 0; agent < agents; agent++) this.#epsilons[agent]! *= decays[agent]!;
    return explores.map((isExploring, agent) => {
      // The authors' program draws an action for every agent, whether it explores or not.
      const drawn =
        isExploring || stream.generator === "ran2" ? Math.floor(actions * nextUniform(stream)) : 0;
      return isExploring ? drawn : this.#greedy[this.#state * agents + agent]!;
    });
  }

  /** Eq. 4: Q(s, a) moves by alpha towards payoff + delta max Q(s', .). True if the greedy action of s changed. */
  #update(agent: number, action: number, outcome: number, next: number): boolean {
    const { agents, actions, payoffs, learningRates, discount } = this.#problem;
    const row = this.#state * agents + agent;
    const values = this.#values.subarray(row * actions, (row + 1) * actions);
    const before = this.#greedy[row]!;
    const best = values[before]!;
    const nextRow = next * agents + agent;
    const nextBest = this.#values[nextRow * actions + this.#greedy[nextRow]!]!;
    const old = values[action]!;
    const value =
      old + learningRates[agent]! * (payoffs[outcome * agents + agent]! + discount * nextBest - old);
    values[action] = value;
    if (value > best) this.#greedy[row] = action;
    else if (value < best && action === before) this.#greedy[row] = greedyAction(values, this.#ties);
    return this.#greedy[row] !== before;
  }

  snapshot(): LearnerState {
    return {
      status: this.status,
      periods: this.periods,
      stable: this.#stable,
      state: this.#state,
      epsilons: this.#epsilons.slice(),
      values: this.#values.slice(),
      greedy: this.#greedy.slice(),
      exploration: copyOf(this.#exploration),
      ties: copyOf(this.#ties),
    };
  }
}
