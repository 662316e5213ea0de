// The report as one HTML file: works offline, asks for nothing, and shows every number without its script.
// A pure function: the drawings come in as SVG text, and there is no clock, so the same analysis gives the same bytes.
import type { Analysis, ExperimentAnalysis, MetricSummary } from "../analysis/analysis.ts";
import type { Finding } from "../analysis/finding.ts";
import { numberText } from "../analysis/words/number-text.ts";
import { attritionSection } from "./attrition-section.ts";
import { categoryTable, conditionTable } from "./condition-table.ts";
import { designSection } from "./design-section.ts";
import type { DrawnChart, ReportFault } from "./drawn-chart.ts";
import { findingSection } from "./finding-section.ts";
import { type Html, html, trusted } from "./html.ts";
import { methodsSection } from "./methods-section.ts";
import { provenanceSection } from "./provenance-section.ts";
import { registrationSection } from "./registration-section.ts";
import { script } from "./script.ts";
import { stoppingSection } from "./stopping-section.ts";
import { style } from "./style.ts";

/** What a page says instead of showing it. */
export interface MissingParts {
  readonly faults?: readonly ReportFault[];
  /** Charts of an experiment that were not drawn for their number. */
  readonly chartsLeftOut?: Readonly<Record<string, number>>;
}

/**
 * The whole page.
 *
 * @param charts drawn by export/svg.ts, in the order in which they shall appear.
 * @param missing what could not be made and what was left out; each is said in its place.
 */
export function pageOf(
  analysis: Analysis,
  charts: readonly DrawnChart[],
  missing: MissingParts = {},
): string {
  const { faults = [], chartsLeftOut = {} } = missing;
  const { experiments, provenance } = analysis;
  const title = experiments.map((experiment) => experiment.name).join(", ") || "No experiment";
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="labwright ${provenance.labwright}">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${title} · report</title>
<style>${trusted(style)}</style>
</head>
<body>
<a class="skip" href="#content">To the content</a>
<header class="top">
<p class="meta">Report of run ${provenance.runName === null ? provenance.run : `${provenance.runName} (${provenance.run})`}, ${provenance.startedAt.slice(0, 10)}</p>
<h1>${title}</h1>
${experiments.length > 1 && html`<nav aria-label="Experiments"><ul>${experiments.map((experiment, i) => html`<li><a href="#experiment-${i + 1}">${experiment.name}</a></li>`)}<li><a href="#provenance">Provenance</a></li></ul></nav>`}
</header>
<main id="content">
${experiments.map((experiment, i) =>
  experimentSection(
    experiment,
    i,
    charts.filter((drawn) => drawn.experiment === experiment.name && drawn.chart.isForFiles !== true),
    [
      ...faults
        .filter((fault) => fault.experiment === experiment.name && fault.kind === "chart")
        .map(
          ({ about, message }) =>
            `A chart of ${about} could not be drawn (${message}), which is a fault of labwright's; the numbers are in the tables.`,
        ),
      ...(chartsLeftOut[experiment.name] === undefined
        ? []
        : [
            `${numberText(chartsLeftOut[experiment.name]!)} charts of this experiment are not drawn, as a report of so many experiments or findings has no room for them; the numbers are in the tables.`,
          ]),
    ],
    experiments.length > 1,
  ),
)}
${provenanceSection(analysis)}
</main>
<footer>Made by labwright ${provenance.labwright}. Every number printed here is in the JSON file beside this page, at full precision.</footer>
<script>${trusted(script)}</script>
</body>
</html>
`.html;
}

function experimentSection(
  experiment: ExperimentAnalysis,
  index: number,
  charts: readonly DrawnChart[],
  undrawn: readonly string[],
  isOneOfSeveral: boolean,
): Html {
  const of = (kind: DrawnChart["about"]["kind"], name: string) =>
    charts.filter((drawn) => drawn.about.kind === kind && drawn.about.name === name);
  // The first sentences answer; the rest stand with their finding below.
  const answers = experiment.findings.flatMap(answersOf).slice(0, 12);
  return html`<section id="experiment-${index + 1}" aria-label="${experiment.name}">
${isOneOfSeveral && html`<h2>${experiment.name}</h2>`}
${experiment.question !== null && html`<p class="question">${experiment.question}</p>`}
${experiment.description !== null && html`<p>${experiment.description}</p>`}
${answers.length > 0 && html`<ul class="answers">${answers.map(({ sentence, isUnmet }) => (isUnmet ? html`<li class="unmet">${sentence}</li>` : html`<li>${sentence}</li>`))}</ul>`}
${experiment.notes.map((note) => html`<p class="note">${note}</p>`)}
${undrawn.map((sentence) => html`<p class="note">${sentence}</p>`)}
${registrationSection(experiment)}
${designSection(experiment)}
${stoppingSection(experiment)}
<section aria-label="Results by condition"><h3>Results by condition</h3>
${experiment.metrics.map((metric) => metricBlock(experiment, metric, { main: of("metric", metric.name), detail: of("detail", metric.name) }))}
</section>
${experiment.findings.map((finding) => findingSection(finding, figures(of("finding", finding.id))))}
${attritionSection(experiment)}
${figures(of("attrition", experiment.name))}
${methodsSection(experiment)}
</section>
`;
}

/** An author's own sentence need not say what it is about, as it stands under its title below. */
function answersOf(finding: Finding): readonly Answer[] {
  // A gate that the evidence does not support must not look like one that it does.
  const isUnmet = finding.kind === "gate" && finding.verdict !== "passed";
  return finding.sentences.slice(0, 6).map((sentence) => {
    const isBare = finding.kind === "custom" && !sentence.startsWith(finding.title);
    return { sentence: isBare ? `${finding.title}: ${sentence}` : sentence, isUnmet };
  });
}

interface Answer {
  readonly sentence: string;
  readonly isUnmet: boolean;
}

function metricBlock(
  experiment: ExperimentAnalysis,
  metric: MetricSummary,
  charts: { readonly main: readonly DrawnChart[]; readonly detail: readonly DrawnChart[] },
): Html {
  const table =
    metric.kind === "category" ? categoryTable(experiment, metric) : conditionTable(experiment, metric);
  return html`<div class="pair">${figures(charts.main)}<div class="beside">${table}</div></div>
${charts.detail.length > 0 && html`<details><summary>More charts of ${metric.name}: distributions, residuals, power</summary>${figures(charts.detail)}</details>`}
`;
}

function figures(charts: readonly DrawnChart[]): Html | null {
  if (charts.length === 0) return null;
  return html`<div class="figures">${charts.map(
    ({ chart, svg }) =>
      html`<figure id="${chart.id}" style="--width:${figureWidth(svg)}px">${trusted(svg)}<figcaption><b>${chart.title}.</b> ${chart.caption}</figcaption></figure>`,
  )}</div>`;
}

/** All drawings at one scale, so that their letters have one size; a narrow screen shrinks them. */
const drawingScale = 1.15;

function figureWidth(svg: string): number {
  const width = Number(/<svg[^>]* width="([0-9.]+)"/.exec(svg)?.[1]);
  return Math.round(drawingScale * (Number.isFinite(width) ? width : 400));
}
