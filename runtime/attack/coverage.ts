// What an attack has touched: how often each action was taken, how many states were seen, how episodes ended. A branch that was never
// reached shows as an action that nobody was ever allowed.
import type { Environment } from "../../lib/environments/environment/environment.ts";
import { valuesOf } from "../../lib/environments/environment/space.ts";
import type { OpenEpisode } from "./conformance.ts";
import { textOf } from "./plain-state.ts";

/** States that are told apart at most: beyond, there are "more than" so many. */
const statesMax = 100_000;

export interface CoverageCounts {
  readonly episodes: number;
  readonly rounds: number;
  /** Different states, at most 100,000. */
  readonly states: number;
  readonly endings: { readonly terminated: number; readonly truncated: number; readonly open: number };
  /** How often each action was taken, by agent; only where actions can be listed. */
  readonly actions: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export class Coverage {
  readonly #environment: Environment;
  readonly #actions = new Map<string, Map<string, number>>();
  readonly #states = new Set<string>();
  readonly #endings = { terminated: 0, truncated: 0 };
  #episodes = 0;
  #rounds = 0;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** A moment of an episode. */
  see(episode: OpenEpisode): void {
    if (episode.round === 0) {
      this.#episodes += 1;
      for (const agent of episode.agents)
        if (!this.#actions.has(agent)) this.#actions.set(agent, this.#listed(agent));
    } else this.#rounds += 1;
    if (episode.standing !== "running") this.#endings[episode.standing] += 1;
    if (this.#states.size < statesMax) this.#states.add(textOf(episode.state));
  }

  act(actions: Readonly<Record<string, unknown>>): void {
    for (const [agent, action] of Object.entries(actions)) {
      const counts = this.#actions.get(agent);
      const text = textOf(action);
      const count = counts?.get(text);
      if (count !== undefined) counts?.set(text, count + 1);
    }
  }

  counts(): CoverageCounts {
    const { terminated, truncated } = this.#endings;
    return {
      episodes: this.#episodes,
      rounds: this.#rounds,
      states: this.#states.size,
      endings: { terminated, truncated, open: this.#episodes - terminated - truncated },
      actions: Object.fromEntries(
        [...this.#actions]
          .filter(([, counts]) => counts.size > 0)
          .map(([agent, counts]) => [agent, Object.fromEntries(counts)]),
      ),
    };
  }

  #listed(agent: string): Map<string, number> {
    const values = valuesOf(this.#environment.actionSpace(agent), 200) ?? [];
    return new Map(values.map((value) => [textOf(value), 0]));
  }
}
