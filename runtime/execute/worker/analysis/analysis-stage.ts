// A custom analysis or a chart as a stage: a function of the trials' rows whose result is checked here, where it cannot take anything else
// along.
import type { CustomChart, CustomColumn, CustomRow } from "../../../../lib/experiment/custom-analysis.ts";
import type { ExperimentDefinition, FunctionStage } from "../../../../lib/experiment/definition.ts";
import { chartSpecProblem, type VegaLiteSpec } from "../../../../lib/experiment/vega-lite-spec.ts";
import { analysisOfStage, analysisRows } from "../../../plan/analysis-stage.ts";
import { jsonCopyOf, NotJsonData } from "../../../record/json-data.ts";
import { withTrialRows } from "./chart-rows.ts";
import { tryChart } from "./try-chart.ts";

/** The stage that runs an analysis of the author's; undefined when the name stands for none. */
export function analysisStageOf(
  { customs, analyses }: Pick<ExperimentDefinition, "customs" | "analyses">,
  name: string,
): FunctionStage | undefined {
  const analysis = analysisOfStage(name);
  const custom = analysis === null ? undefined : customs[analysis];
  if (custom === undefined) return undefined;
  const isChart = analyses.some((one) => one.name === analysis && one.kind === "chart");
  return {
    kind: "function",
    name,
    per: "build",
    uses: [],
    needs: [],
    reads: [],
    site: null,
    async run({ inputs }) {
      // The controller hands over the rows that it made of the trials' records.
      const rows = inputs[analysisRows] as readonly CustomRow[];
      const result = copyOf(await custom(rows));
      const problem = isChart ? chartSpecProblem(result) : problemOf(result);
      if (problem !== null) throw new Error(problem);
      // A specification without a problem is an object.
      return isChart ? chartOf(result as VegaLiteSpec, rows) : result;
    },
  };
}

/** The chart with its rows, drawn once here, where one that takes for ever ends by its time-out. */
async function chartOf(returned: VegaLiteSpec, rows: readonly CustomRow[]): Promise<CustomChart> {
  const spec = withTrialRows(returned, rows);
  const problem = chartSpecProblem(spec);
  if (problem !== null) throw new Error(problem);
  await tryChart(spec);
  return { spec };
}

/** What a result's parts must be, and how that is said. */
const parts: Readonly<Record<string, { readonly expected: string; is(value: unknown): boolean }>> = {
  estimate: { expected: "a number", is: (value) => typeof value === "number" },
  interval: {
    expected: "[low, high]",
    is: (value) =>
      Array.isArray(value) && value.length === 2 && value.every((end) => typeof end === "number"),
  },
  pValue: {
    expected: "a number from 0 to 1",
    is: (value) => typeof value === "number" && value >= 0 && value <= 1,
  },
  sentence: { expected: "a text", is: (value) => typeof value === "string" },
  tables: {
    expected: "a list of tables, such as [{ rows: [{ tau: 1.5 }] }]",
    is: (value) => Array.isArray(value) && value.every((one) => isObject(one) && isRows(one.rows)),
  },
};

/** As it will be stored. */
function copyOf(result: unknown): unknown {
  try {
    return jsonCopyOf(result, "what it returned");
  } catch (error) {
    // Said without the name of an error that the author has not thrown.
    throw error instanceof NotJsonData ? new Error(error.message) : error;
  }
}

function problemOf(result: unknown): string | null {
  const known = Object.keys(parts).join(", ");
  if (!isObject(result))
    return `it returned ${JSON.stringify(result)}; expected an object with any of ${known}`;
  for (const [key, value] of Object.entries(result)) {
    const part = Object.hasOwn(parts, key) ? parts[key] : undefined;
    if (part === undefined) return `it returned \`${key}\`; expected any of ${known}`;
    if (!part.is(value)) return `its \`${key}\` is ${JSON.stringify(value)}; expected ${part.expected}`;
  }
  // Checked just now.
  const tables = (result.tables ?? []) as readonly Table[];
  return tables.map((table, i) => tableProblem(table, `tables[${i}]`)).find((one) => one !== null) ?? null;
}

interface Table {
  readonly title?: unknown;
  readonly columns?: unknown;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

const tableKeys = ["title", "columns", "rows"];

/** What a column says of itself must be true of its values. */
function tableProblem(table: Table, at: string): string | null {
  const strange = Object.keys(table).find((key) => !tableKeys.includes(key));
  if (strange !== undefined)
    return `its \`${at}\` has \`${strange}\`; expected any of ${tableKeys.join(", ")}`;
  const { title, columns = [], rows } = table;
  if (title !== undefined && typeof title !== "string")
    return `its \`${at}.title\` is ${JSON.stringify(title)}; expected a text`;
  if (!Array.isArray(columns) || !columns.every(isColumn))
    return `its \`${at}.columns\` are ${JSON.stringify(columns)}; expected a list such as [{ name: "tau", type: "number" }]`;
  for (const { name, type } of columns)
    for (const [i, row] of rows.entries()) {
      const value = row[name] ?? null;
      if (type === "number" && value !== null && typeof value !== "number")
        return `its \`${at}.rows[${i}].${name}\` is ${JSON.stringify(value)}; expected a number or null, as its column says`;
    }
  return null;
}

function isColumn(value: unknown): value is CustomColumn {
  if (!isObject(value)) return false;
  const { name, type, unit, decimals, ...others } = value;
  const isDecimals =
    decimals === undefined ||
    (typeof decimals === "number" && Number.isInteger(decimals) && decimals >= 0 && decimals <= 12);
  return (
    typeof name === "string" &&
    (type === "number" || type === "text") &&
    (unit === undefined || typeof unit === "string") &&
    isDecimals &&
    Object.keys(others).length === 0
  );
}

function isRows(value: unknown): boolean {
  return Array.isArray(value) && value.every(isObject);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
