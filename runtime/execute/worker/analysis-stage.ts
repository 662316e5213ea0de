// A custom analysis as a stage: a function of the trials' rows whose result is checked here, where it cannot take anything else along.
import type { CustomRow } from "../../../lib/experiment/custom-analysis.ts";
import type { ExperimentDefinition, StageDefinition } from "../../../lib/experiment/definition.ts";
import { analysisOfStage, analysisRows } from "../../plan/analysis-stage.ts";
import { jsonCopyOf, NotJsonData } from "../../record/json-data.ts";

/** The stage that runs a custom analysis of the definition; undefined when the name stands for none. */
export function analysisStageOf(
  { customs }: Pick<ExperimentDefinition, "customs">,
  name: string,
): StageDefinition | undefined {
  const analysis = analysisOfStage(name);
  const custom = analysis === null ? undefined : customs[analysis];
  if (custom === undefined) return undefined;
  return {
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
      const problem = problemOf(result);
      if (problem !== null) throw new Error(problem);
      return result;
    },
  };
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
  table: {
    expected: "a list of rows, each an object",
    is: (value) => Array.isArray(value) && value.every(isObject),
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
  return null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
