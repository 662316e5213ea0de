// Sets our sessions beside the authors' own, one by one: with their random stream nothing but rounding may differ.
import type { CustomResult, CustomRow } from "labwright";

/** A session as the authors' result file has it. */
export interface PublishedSession {
  readonly session: number;
  /** Rounded to two decimals. */
  readonly episodesToConvergence: number;
  readonly cycleLength: number;
}

/** The sentence counts the sessions that are equal in time to convergence and in cycle length; the table lists those that are not. */
export function besideSessions(
  rows: readonly CustomRow[],
  published: readonly PublishedSession[],
): CustomResult {
  const compared = rows.flatMap(({ parameters, metrics }) => {
    const theirs = published.find(({ session }) => session === parameters.session);
    return theirs === undefined ? [] : [{ theirs, metrics }];
  });
  const different = compared.filter(
    ({ theirs, metrics }) =>
      typeof metrics?.episodes !== "number" ||
      metrics.episodes.toFixed(2) !== theirs.episodesToConvergence.toFixed(2) ||
      metrics.cycleLength !== theirs.cycleLength,
  );
  const equal = compared.length - different.length;
  return {
    sentence: `${equal} of ${compared.length} published sessions equal ours in time to convergence (to their two decimals) and in length of the limit cycle.`,
    tables: [
      {
        rows: different.map(({ theirs, metrics }) => ({
          session: theirs.session,
          episodes: typeof metrics?.episodes === "number" ? metrics.episodes : null,
          publishedEpisodes: theirs.episodesToConvergence,
          cycleLength: typeof metrics?.cycleLength === "number" ? metrics.cycleLength : null,
          publishedCycleLength: theirs.cycleLength,
        })),
      },
    ],
  };
}
