// A view an experiment in the shared store: the trials of its newest run with a typed column a parameter and a metric, so that a question is as
// short there as with `lab query` at home.
import { createHash } from "node:crypto";
import type { Client } from "pg";
import type { OpenedExperiment } from "../../plan/opened-plan.ts";
import { trialColumnNames } from "../parquet/column-names.ts";
import { quotedName, quotedText } from "../parquet/duck.ts";
import { locked } from "./schema.ts";

const tables = ["schema_version", "runs", "experiments", "trials", "run_trials", "series"];

/** What PostgreSQL makes names of at most, in bytes. */
const nameBytesMax = 63;

/** The name itself, or where it is too long its beginning and eight digits that no other name has there: PostgreSQL would cut two names alike. */
function nameThere(name: string): string {
  const bytes = Buffer.from(name);
  if (bytes.length <= nameBytesMax) return name;
  const digits = createHash("sha256").update(name).digest("hex").slice(0, 8);
  // The cut may go through a character.
  const beginning = bytes
    .subarray(0, nameBytesMax - 9)
    .toString()
    .replace(/\ufffd$/, "");
  return `${beginning}_${digits}`;
}

/** Null when it was made, else why not. */
export async function writeExperimentView(
  client: Client,
  { planned, space }: OpenedExperiment,
): Promise<string | null> {
  const { name } = planned;
  const view = nameThere(tables.includes(name) ? `experiment_${name}` : name);
  const metrics = Object.entries(planned.metrics);
  const names = trialColumnNames({
    parameters: space.parameters,
    metrics: metrics.map(([metric]) => metric),
    telemetry: [],
  });
  const columns = [
    ...["t.experiment", "t.trial", "t.replicate"],
    ...space.parameters.map((each, index) =>
      memberSql("parameters", each, { type: parameterTypeOf(space, each), as: names.parameters[index]! }),
    ),
    ...["t.outcome", "t.reason", "t.message"],
    ...metrics.map(([metric, { type }], index) =>
      memberSql("metrics", metric, {
        type: type === "boolean" ? "boolean" : type === "category" ? null : "double precision",
        as: names.metrics[index]!,
      }),
    ),
    ...["t.started_at", "t.duration_ms", "t.worker"],
  ];
  const newest = `SELECT r.key FROM labwright.runs r JOIN labwright.experiments e ON e.run_key = r.key WHERE e.experiment = ${quotedText(name)} ORDER BY coalesce(r.started_at, r.pushed_at) DESC, r.key LIMIT 1`;
  const target = `labwright.${quotedName(view)}`;
  try {
    await locked(client, async () => {
      await client.query(`DROP VIEW IF EXISTS ${target}`);
      await client.query(
        `CREATE VIEW ${target} AS SELECT ${columns.join(", ")} FROM labwright.trials t JOIN labwright.run_trials l ON l.trial = t.trial WHERE t.experiment = ${quotedText(name)} AND l.run_key = (${newest})`,
      );
    });
    return null;
  } catch (error) {
    return `The view ${target} stays as it was: ${error instanceof Error ? error.message : String(error)}.`;
  }
}

function memberSql(
  column: "parameters" | "metrics",
  member: string,
  { type, as }: { readonly type: string | null; readonly as: string },
): string {
  const text = `t.${column} ->> ${quotedText(member)}`;
  return `${type === null ? `(${text})` : `(${text})::${type}`} AS ${quotedName(nameThere(as))}`;
}

/** Where every value of a parameter is a number or a yes and no; null for text. */
function parameterTypeOf(space: OpenedExperiment["space"], parameter: string): string | null {
  const factor = space.factors.find(({ name }) => name === parameter);
  if (factor?.range != null) return factor.range.kind === "choice" ? null : "double precision";
  const values = factor?.levels ?? [space.constants[parameter]];
  if (values.every((value) => typeof value === "number")) return "double precision";
  return values.every((value) => typeof value === "boolean") ? "boolean" : null;
}
