// One playing of an environment: its state, whose turn it is, what has been earned, and how it ended. A thing with a life; it can be
// copied at any round, and then goes on by itself.
import type { Random } from "../../random/random.ts";
import type { Standing } from "./agent.ts";
import type { Actions, SpaceValue } from "./definition.ts";
import type { Rules } from "./rules.ts";

/** The part of an environment that an episode needs. */
export interface Played<P, A extends string, O, C, S> {
  readonly name: string;
  readonly rules: Rules<P, A, O, C, S>;
  isAction(agent: A, value: unknown): boolean;
}

export class Episode<P, A extends string, O, C, S extends object> {
  readonly parameters: P;
  /** All agents of the episode, in the order in which they sit. */
  readonly agents: readonly A[];
  readonly random: Random;
  #state: S;
  #round = 0;
  #standing: Standing = "running";
  #rewards: Record<A, number>;
  readonly #returns: Record<A, number>;
  readonly #played: Played<P, A, O, C, S>;
  readonly #zeros: Record<A, number>;
  #living: readonly A[];

  constructor(
    played: Played<P, A, O, C, S>,
    options: { readonly parameters: P; readonly random: Random; readonly from?: Saved<A, S> },
  ) {
    const { parameters, random, from } = options;
    this.#played = played;
    this.parameters = parameters;
    this.random = random;
    this.agents = played.rules.agents(parameters);
    assertAgents(played.name, this.agents);
    this.#zeros = byAgent(this.agents, () => 0);
    this.#rewards = from?.rewards ?? { ...this.#zeros };
    this.#returns = from?.returns ?? { ...this.#zeros };
    this.#state = from?.state ?? played.rules.reset({ parameters, random });
    this.#round = from?.round ?? 0;
    this.#standing = from?.standing ?? "running";
    this.#living = this.#aliveNow();
  }

  /** The state itself, for reading: only `step` and interventions change it. */
  get state(): S {
    return this.#state;
  }

  /** Rounds played. */
  get round(): number {
    return this.#round;
  }

  get standing(): Standing {
    return this.#standing;
  }

  /** What each agent earned in the last round; 0 before the first. */
  get rewards(): Readonly<Record<A, number>> {
    return this.#rewards;
  }

  /** What each agent has earned so far. */
  get returns(): Readonly<Record<A, number>> {
    return this.#returns;
  }

  /** Who acts now: all living agents, or the one whose turn it is; nobody once the episode is over. */
  get acting(): readonly A[] {
    if (this.#standing !== "running") return [];
    const { turn } = this.#played.rules;
    return turn === null ? this.#living : [turn({ parameters: this.parameters, state: this.#state })];
  }

  get living(): readonly A[] {
    return this.#living;
  }

  observe(agent: A): SpaceValue<O, A> {
    return this.#played.rules.observe({ parameters: this.parameters, state: this.#state, agent });
  }

  /** The actions that are allowed to the agent now; null where every action of its schema is. */
  legal(agent: A): readonly SpaceValue<C, A>[] | null {
    const { legal } = this.#played.rules;
    return legal === null ? null : legal({ parameters: this.parameters, state: this.#state, agent });
  }

  render(): string {
    const { render } = this.#played.rules;
    return render === null
      ? JSON.stringify(this.#state)
      : render({ parameters: this.parameters, state: this.#state });
  }

  /**
   * Plays one round with an action for everybody who acts.
   * @throws Error when the episode is over or a reward is not finite; RangeError for an action that is missing or not allowed.
   */
  step(actions: Partial<Actions<A, C>>): Standing {
    if (this.#standing !== "running")
      throw new Error(`${this.#played.name}: the episode is over (${this.#standing})`);
    const { acting } = this;
    for (const agent of acting) this.#assertAction(agent, actions[agent]);
    const rewards = { ...this.#zeros };
    const turn = this.#played.rules.turn === null ? undefined : acting[0];
    const standing = this.#played.rules.step({
      parameters: this.parameters,
      state: this.#state,
      random: this.random,
      round: this.#round,
      rewards,
      actions,
      agent: turn,
      action: turn === undefined ? undefined : actions[turn],
    });
    this.#credit(rewards);
    this.#round += 1;
    this.#standing = standing;
    this.#living = this.#aliveNow();
    if (standing === "running" && this.#living.length === 0) this.#standing = "terminated";
    return this.#standing;
  }

  /**
   * Lets an agent go before the round is played, with what the environment says of one who leaves.
   * @throws Error where it says nothing of that.
   */
  forfeit(agent: A, why: string): Standing {
    const { name, rules } = this.#played;
    if (rules.forfeit === null)
      throw new Error(
        `${name}, round ${this.#round}: ${agent} forfeits (${why}), and there is no outcome for that`,
      );
    const rewards = { ...this.#zeros };
    const standing = rules.forfeit({
      parameters: this.parameters,
      state: this.#state,
      random: this.random,
      round: this.#round,
      rewards,
      agent,
    });
    this.#credit(rewards);
    this.#standing = standing;
    this.#living = this.#aliveNow();
    if (standing === "running" && this.#living.length === 0) this.#standing = "terminated";
    return this.#standing;
  }

  /** Ends the episode from outside: the time is over, the world is not. */
  truncate(): void {
    if (this.#standing === "running") this.#standing = "truncated";
  }

  /** Changes state or parameters between two rounds, as an intervention of a design does. */
  change(
    by: (context: { readonly parameters: P; readonly state: S; readonly random: Random }) => void,
  ): void {
    by({ parameters: this.parameters, state: this.#state, random: this.random });
    this.#living = this.#aliveNow();
  }

  /** A copy that goes on from here and moves nothing of this one: same state, same chance ahead, unless another state is given. */
  copy(state?: S): Episode<P, A, O, C, S> {
    return new Episode(this.#played, {
      parameters: structuredClone(this.parameters),
      random: this.random.copy(),
      from: state === undefined ? this.save() : { ...this.save(), state },
    });
  }

  /** What the episode is now, as plain data. */
  save(): Saved<A, S> {
    return {
      state: structuredClone(this.#state),
      round: this.#round,
      standing: this.#standing,
      rewards: { ...this.#rewards },
      returns: { ...this.#returns },
    };
  }

  #aliveNow(): readonly A[] {
    const { alive } = this.#played.rules;
    return alive === null ? this.agents : alive({ parameters: this.parameters, state: this.#state });
  }

  #credit(rewards: Record<A, number>): void {
    for (const agent of this.agents) {
      const reward = rewards[agent];
      if (!Number.isFinite(reward)) {
        throw new Error(`${this.#played.name}: the reward of ${agent} in round ${this.#round} is ${reward}`);
      }
      this.#returns[agent] += reward;
    }
    this.#rewards = rewards;
  }

  #assertAction(agent: A, action: unknown): void {
    const legal = this.legal(agent);
    const isAllowed =
      legal === null ? this.#played.isAction(agent, action) : legal.some((one) => isSame(one, action));
    if (!isAllowed) this.refuse(agent, this.#round, action);
  }

  /** @throws RangeError that says what an agent gave and what was expected. */
  refuse(agent: A, round: number, action: unknown): never {
    const isLate = typeof action === "object" && action !== null && "then" in action;
    if (isLate)
      throw new Error(`${this.#played.name}: ${agent} answers later; play such agents with playAsync`);
    const legal = this.legal(agent);
    const given = action === undefined ? "no action" : JSON.stringify(action);
    const expected = legal === null ? "one of its action schema" : JSON.stringify(legal.slice(0, 10));
    throw new RangeError(
      `${this.#played.name}, round ${round}: ${agent} gave ${given}; expected ${expected}`,
    );
  }
}

/** What an episode is between two rounds, but for its random numbers. */
export interface Saved<A extends string, S> {
  readonly state: S;
  readonly round: number;
  readonly standing: Standing;
  readonly rewards: Record<A, number>;
  readonly returns: Record<A, number>;
}

/** @throws TypeError unless there are agents with different names. */
function assertAgents(environment: string, agents: readonly string[]): void {
  // As a key of a record this one name is the record's prototype.
  const isNamed =
    agents.length > 0 && new Set(agents).size === agents.length && !agents.includes("__proto__");
  if (!isNamed) {
    throw new TypeError(`${environment}: expected agents with different names, got [${agents.join(", ")}]`);
  }
}

/** A record with an entry for every agent. */
export function byAgent<A extends string, T>(agents: readonly A[], make: (agent: A) => T): Record<A, T> {
  // Every agent has its entry.
  return Object.fromEntries(agents.map((agent) => [agent, make(agent)])) as Record<A, T>;
}

/** Equality of plain data. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  return JSON.stringify(a) === JSON.stringify(b);
}
