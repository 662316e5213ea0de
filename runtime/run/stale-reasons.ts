// Why what is recorded of a job is stale, in sentences: a change of an earlier stage is followed to what changed there.
import { changeWords, type JobSurvey } from "./survey.ts";

/** One sentence a change, most telling first: "the earlier stage train changed: file train.py changed". */
export function staleReasons(
  { job, stale }: Pick<JobSurvey, "job" | "stale">,
  surveys: readonly Pick<JobSurvey, "job" | "stale">[],
): readonly string[] {
  return (stale[0]?.changes ?? []).map((change) => {
    const words = changeWords(change);
    if (change.kind !== "upstream") return words;
    const need = job.needs.find(({ input }) => input === change.name);
    const earlier = surveys.find((one) => one.job.id === need?.job);
    const causes = earlier === undefined ? [] : staleReasons(earlier, surveys);
    return causes.length === 0 ? words : `${words}: ${causes.join(", ")}`;
  });
}
