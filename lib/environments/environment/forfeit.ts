// Leaving an episode: what an agent throws that cannot or will not go on, and what is kept of it.

const forfeitKind = "labwright.forfeit";

/**
 * Thrown by `act` of an agent that leaves the episode. What then holds is said by `forfeit` of the environment; one without it cannot do
 * without its agents, and the trial fails.
 *
 * @example
 * const proud: Agent<Seen, string> = {
 *   name: "proud",
 *   act: ({ insults }) => {
 *     if (insults > 2) throw new Forfeit("insulted too often");
 *     return "stay";
 *   },
 * };
 */
export class Forfeit extends Error {
  readonly kind = forfeitKind;

  /** Why it leaves, in words. */
  constructor(why: string) {
    super(why);
    this.name = "Forfeit";
  }
}

/** An agent that has left. */
export interface Forfeited<A extends string = string> {
  readonly agent: A;
  /** From 0. */
  readonly round: number;
  readonly why: string;
}

/** The forfeit that was thrown, by this or another copy of labwright. @throws what was thrown where it is none. */
export function forfeitIn(thrown: unknown): Forfeit {
  if (thrown instanceof Error && "kind" in thrown && thrown.kind === forfeitKind) return thrown as Forfeit;
  throw thrown;
}
