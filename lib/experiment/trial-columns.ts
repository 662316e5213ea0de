// The columns that every stored table of trials has beside an experiment's own. No parameter and no metric may have such a name, so that
// `select outcome` means one thing. Stores import this list; names are compared without case, as SQL does.

export const trialColumns = [
  "experiment",
  "condition",
  "replicate",
  "trial",
  "outcome",
  "reason",
  "message",
  "censored_metric",
  "censored_bound",
  "artifacts",
  "attempt",
  "started_at",
  "duration_ms",
  "worker",
] as const;

/** The column that a name is taken by; null when it is free. */
export function columnTakenBy(name: string): string | null {
  return trialColumns.find((column) => column === name.toLowerCase()) ?? null;
}
