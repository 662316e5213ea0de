// Sets our sessions beside published values: mean, standard error, and how many standard errors lie between.
// A published value is itself a mean of 1,000 sessions, so its own error is part of the distance.
import type { CustomResult, CustomRow } from "labwright";

/** A value as published, and the parameters of the condition it is for. */
export interface Published {
  readonly where: Readonly<Record<string, number | string>>;
  readonly value: number;
}

const publishedSessions = 1000;

/** A table with a line a published value; the sentence says how many lie within three standard errors, and which is furthest. */
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
  const measured = table.filter(({ standardErrorsApart }) => standardErrorsApart !== null);
  const within = measured.filter((line) => Math.abs(line.standardErrorsApart!) <= 3).length;
  const furthest = measured.reduce<(typeof table)[number] | null>(
    (most, line) =>
      most === null || Math.abs(line.standardErrorsApart!) > Math.abs(most.standardErrorsApart!)
        ? line
        : most,
    null,
  );
  const counted =
    table.length === 1
      ? `${metric}: `
      : `${within} of ${table.length} published values of ${metric} lie within three standard errors of ours; the furthest is `;
  return {
    sentence:
      furthest === null
        ? `No published value of ${metric} can be held against these sessions.`
        : `${counted}${distanceText(furthest, published[table.indexOf(furthest)]!.where)}.`,
    tables: [{ rows: table }],
  };
}

/** "discount = 0.5: ours 0.812, published 0.809, 0.3 standard errors apart". */
function distanceText(
  line: {
    readonly ours: number | null;
    readonly published: number;
    readonly standardErrorsApart: number | null;
  },
  where: Published["where"],
): string {
  const place = Object.entries(where).map(([name, level]) => `${name} = ${level}`);
  const apart = Math.abs(line.standardErrorsApart ?? 0).toFixed(1);
  return `${place.length === 0 ? "" : `${place.join(", ")}: `}ours ${line.ours?.toFixed(3)}, published ${line.published}, ${apart} standard errors apart`;
}
