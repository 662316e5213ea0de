// The name under which a custom analysis is a stage of its experiment: it runs on a host as the stages do, after the trials.
// Names of stages have no colon, so that none is taken for one.
const prefix = "analysis:";

export function analysisStageName(analysis: string): string {
  return `${prefix}${analysis}`;
}

/** The analysis that a stage's name stands for; null when it is a stage of the author's. */
export function analysisOfStage(stage: string): string | null {
  return stage.startsWith(prefix) ? stage.slice(prefix.length) : null;
}

/** The key under which an analysis is handed its rows. */
export const analysisRows = "rows";
