// Exit codes of `lab`: stable, documented in README and docs/commands.md, and the same for every command.
export const exitCode = {
  /** Done. */
  done: 0,
  /** Our fault: a bug in labwright; the message says how to report it. */
  bug: 1,
  /** The definition or the command line is wrong, or the project cannot be read or written. */
  invalid: 2,
  /** The run is complete and some trials have no measurement: they failed, were refused, or are censored. */
  unmeasured: 3,
  /** Stopped because a budget was spent. */
  budget: 4,
  /** A gate failed: a property, a statistical expectation, or `lab verify` found a difference. */
  gate: 5,
  /** Interrupted; the printed command goes on where it stopped. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
