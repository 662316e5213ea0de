// What an attack on an environment is made of, and what it may find: plain data, so that it can be shrunk, written down and played again.

/** One playing of an environment, in numbers. */
export interface Scenario {
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Of the environment's chance. */
  readonly seed: number;
  /** One number an action, in the order in which agents act: it picks among the allowed actions, or seeds the draw of one. */
  readonly choices: readonly number[];
}

/** A rule that an environment broke, and where. */
export interface Violation {
  /** "invariant: cards are conserved", "law: ...", "conformance: an observation is in its space". */
  readonly rule: string;
  /** What was found, in words. */
  readonly found: string;
  /** Rounds played before; 0 for the reset. */
  readonly round: number;
  /** What was done in each round up to the violation. */
  readonly actions: readonly Readonly<Record<string, unknown>>[];
  /** The state before the last round, and after it; null where there was none. */
  readonly before: unknown;
  readonly after: unknown;
}

/** The smallest scenario that was found to break a rule. */
export interface Counterexample {
  readonly scenario: Scenario;
  readonly violation: Violation;
  /** How often the scenario got smaller. */
  readonly shrinks: number;
}
