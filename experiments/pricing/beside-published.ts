// Sets our sessions beside published values: mean, standard error, and how many standard errors lie between.
// A published value is itself a mean of 1,000 sessions, so its own error is part of the distance.
import type { CustomResult, CustomRow } from "labwright";

/** A value as published, and the parameters of the condition it is for. */
export interface Published {
  readonly where: Readonly<Record<string, number | string>>;
  readonly value: number;
}

const publishedSessions = 1000;

/** A table with a line a published value; the sentence says how many lie within three standard errors. */
export function besidePublished(
  rows: readonly CustomRow[],
  given: { readonly metric: string; readonly published: readonly Published[] },
): CustomResult {
  const { metric, published } = given;
  const table = published.map(({ where, value }) => {
    const matching = rows.filter((row) =>
      Object.entries(where).every(([name, level]) => row.parameters[name] === level),
    );
    const values = matching.map((row) => row.metrics?.[metric]).filter((one) => typeof one === "number");
    const sessions = values.length;
    const ours = values.reduce((sum, one) => sum + one, 0) / sessions;
    const variance = values.reduce((sum, one) => sum + (one - ours) ** 2, 0) / (sessions - 1);
    const error = Math.sqrt(variance * (1 / sessions + 1 / publishedSessions));
    const apart = (ours - value) / error;
    const isMeasured = sessions > 1 && error > 0;
    return {
      ...where,
      sessions,
      ours: sessions > 0 ? ours : null,
      published: value,
      standardError: isMeasured ? error : null,
      standardErrorsApart: isMeasured ? apart : null,
    };
  });
  const within = table.filter((line) => Math.abs(line.standardErrorsApart ?? Infinity) <= 3).length;
  return {
    sentence: `${within} of ${table.length} published values lie within three standard errors of ours.`,
    table,
  };
}
