// The report as Markdown: the same sentences, tables and charts (as links to the SVG files written beside it).
import type { Analysis, ExperimentAnalysis } from "../analysis/analysis.ts";
import { methodsOf } from "../analysis/words/methods.ts";
import { whenRan } from "../analysis/words/when-ran.ts";
import { visibleText } from "../design/visible-text.ts";
import type { DrawnChart } from "../page/drawn-chart.ts";
import type { PlainTable } from "./plain-table.ts";
import { tablesOf } from "./tables.ts";

/** GitHub-flavoured Markdown; user text is escaped so that it cannot become markup. */
export function markdownOf(analysis: Analysis, charts: readonly DrawnChart[]): string {
  const { provenance } = analysis;
  const code =
    provenance.gitCommit === null
      ? "not under version control"
      : `commit ${provenance.gitCommit}${provenance.gitDirty === true ? " with uncommitted changes" : ""}`;
  return `${[
    ...analysis.experiments.flatMap((experiment) =>
      experimentLines(
        experiment,
        charts.filter((drawn) => drawn.experiment === experiment.name),
      ),
    ),
    "## Provenance",
    `Run ${escaped(provenance.run)}, build ${escaped(provenance.build)}, ${provenance.ran === undefined ? "started " : "ran "}${escaped(whenRan(provenance, (time) => time))}; ${escaped(code)}; labwright ${escaped(provenance.labwright)}, Node ${escaped(provenance.node)}, ${escaped(provenance.platform)}; command:`,
    fenced(provenance.command),
  ].join("\n\n")}\n`;
}

function experimentLines(experiment: ExperimentAnalysis, charts: readonly DrawnChart[]): readonly string[] {
  const methods = methodsOf(experiment);
  const answers = experiment.findings.flatMap(({ sentences }) => sentences);
  return [
    `# ${escaped(experiment.name)}`,
    ...(experiment.question === null ? [] : [`*${escaped(experiment.question)}*`]),
    ...(answers.length === 0 ? [] : [answers.map((sentence) => `- ${escaped(sentence)}`).join("\n")]),
    ...experiment.notes.map((note) => `> ${escaped(note)}`),
    ...(experiment.attrition.warning === null ? [] : [`> ${escaped(experiment.attrition.warning)}`]),
    ...tablesOf(experiment).flatMap((table) => [`**${escaped(table.caption)}**`, tableText(table)]),
    ...charts.map(
      ({ chart }) =>
        `![${escaped(chart.alt)}](charts/${chart.id}.svg)\n\n*${escaped(chart.title)}.* ${escaped(chart.caption)}`,
    ),
    "## Methods",
    escaped(methods.paragraph),
    ...(methods.references.length === 0
      ? []
      : [methods.references.map((reference) => `- ${escaped(reference)}`).join("\n")]),
  ];
}

function tableText({ columns, rows }: PlainTable): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => escaped(cell).replaceAll("|", "\\|")).join(" | ")} |`;
  return [
    line(columns.map(({ head }) => head)),
    `| ${columns.map(({ isNumber }) => (isNumber ? "---:" : "---")).join(" | ")} |`,
    ...rows.map(line),
  ].join("\n");
}

/** Escapes what Markdown or HTML inside Markdown would act on. */
export function escaped(text: string): string {
  return visibleText(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(/[\\`*_[\]#~]/g, "\\$&")
    .replaceAll(/\r?\n/g, " ");
}

/** A code block whose fence is longer than any run of backticks inside. */
function fenced(code: string): string {
  const longest = [...code.matchAll(/`+/g)].reduce((most, [run]) => Math.max(most, run.length), 2);
  const fence = "`".repeat(longest + 1);
  return `${fence}sh\n${code}\n${fence}`;
}
