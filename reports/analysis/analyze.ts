// From stored results to findings: group, count, summarise, then answer each declared analysis. Pure but for the series, which
// are read through `results` when an analysis asks for one. The same results always give the same Analysis.
import type { CustomOutcome } from "../../lib/experiment/custom-analysis.ts";
import type { RunResults, TrialTable } from "../../runtime/record/trial-table.ts";
import { coordinatesOf, levelText } from "../design/arm.ts";
import { attritionOf, totalOf } from "../design/attrition.ts";
import type { Analysis, Arm, Attrition, Design, ExperimentAnalysis } from "./analysis.ts";
import { callsSummaryOf } from "./calls.ts";
import { metricSummariesOf } from "./estimates/metric-summary.ts";
import { findingsOf } from "./findings.ts";
import { powerPlanOf } from "./planning/power.ts";
import { declarationStatementOf, registrationStatementOf } from "./registration.ts";
import { stoppingSummaryOf } from "./stopping.ts";
import { attritionWarningOf } from "./words/attrition-warning.ts";
import { notesOf } from "./words/notes.ts";

export interface AnalyzeOptions {
  /** Only these experiments; all of the run when absent. */
  readonly experiments?: readonly string[];
  /** What became of the custom analyses, by experiment and analysis name: their functions are not stored, their results are. */
  readonly customs?: Readonly<Record<string, Readonly<Record<string, CustomOutcome>>>>;
}

/**
 * Analyses every experiment of a run.
 *
 * @throws Error naming the experiments of the run when `options.experiments` holds a name it has not.
 */
export async function analyze(results: RunResults, options: AnalyzeOptions = {}): Promise<Analysis> {
  const names = results.tables.map((table) => table.experiment.name);
  const unknown = options.experiments?.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new Error(`The run has no experiment "${unknown}"; it has ${names.join(", ")}.`);
  }
  const tables = results.tables.filter(
    (table) => options.experiments?.includes(table.experiment.name) ?? true,
  );
  const experiments: ExperimentAnalysis[] = [];
  for (const table of tables) experiments.push(await experimentAnalysisOf(table, results, options));
  return { version: 1, provenance: results.provenance, experiments };
}

async function experimentAnalysisOf(
  table: TrialTable,
  results: RunResults,
  options: AnalyzeOptions,
): Promise<ExperimentAnalysis> {
  const { name, description, question, file } = table.experiment;
  const design = designOf(table, results);
  const arms = armsOf(table);
  const rows = attritionOf(table);
  const attrition: Attrition = { arms: rows, total: totalOf(rows), warning: attritionWarningOf(rows, arms) };
  const metrics = metricSummariesOf(table, rows);
  const { findings, multiplicity } = await findingsOf({
    table,
    results,
    metrics,
    arms: rows,
    customs: options.customs?.[name] ?? {},
  });
  const leading = metrics.find(({ kind }) => kind !== "category");
  const power = leading === undefined ? null : powerPlanOf(leading);
  const stopping = stoppingSummaryOf(table.experiment.stopping);
  const registration = registrationStatementOf(table.experiment);
  const declaration = declarationStatementOf(table.experiment);
  const notes = [
    ...notesOf({ lost: table.lost ?? null, design, attrition, metrics, arms }),
    ...(stopping?.sentences.slice(0, 2) ?? []),
    ...(registration?.deviations ?? []),
    ...(declaration?.departures ?? []),
    ...(results.decisions?.[name] ?? []),
  ];
  return {
    name,
    description,
    question,
    file,
    design,
    arms,
    attrition,
    calls: callsSummaryOf(table.calls ?? []),
    metrics,
    findings,
    multiplicity,
    software: `labwright ${results.provenance.labwright} on Node.js ${results.provenance.node}`,
    power,
    stopping,
    registration,
    declaration,
    notes,
  };
}

function designOf(table: TrialTable, { provenance }: Pick<RunResults, "provenance">): Design {
  const { factors, constants, replicates, primary } = table.experiment;
  return {
    factors: factors.map((factor) => ({
      name: factor.name,
      levels: factor.levels.map(levelText),
      isNumeric: factor.levels.every((level) => typeof level === "number"),
      branch: factor.branch === null ? null : `${factor.branch.tag} = ${factor.branch.value}`,
    })),
    constants: Object.entries(constants).map(([name, value]) => ({ name, value: levelText(value) })),
    conditions: table.conditions.length,
    replicates: table.experiment.stopping?.replicates ?? replicates.count,
    pairing: replicates.pairing,
    seed: seedWords(replicates, provenance.ran !== undefined),
    primary,
  };
}

function seedWords({ seed, seeds }: TrialTable["experiment"]["replicates"], isImported: boolean): string {
  if (seeds !== null) return `${seeds.length} explicit seeds, one a replicate`;
  return isImported ? "seeds that another tool has drawn, which are not known here" : `the root seed ${seed}`;
}

function armsOf(table: TrialTable): readonly Arm[] {
  return table.conditions.map((_, condition) => {
    const coordinates = coordinatesOf(table, condition);
    const label = Object.entries(coordinates)
      .map(([name, level]) => `${name} = ${level}`)
      .join(", ");
    return { condition, label: label === "" ? "the only condition" : label, coordinates };
  });
}
