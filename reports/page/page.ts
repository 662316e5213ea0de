// The report as one HTML file: works offline, asks for nothing, and shows every number without its script.
// A pure function: the drawings come in as SVG text, and there is no clock, so the same analysis gives the same bytes.
import type { Analysis, ExperimentAnalysis } from "../analysis/analysis.ts";
import { numberText } from "../analysis/words/number-text.ts";
import { documentOf } from "./document.ts";
import type { DrawnChart, ReportFault } from "./drawn-chart.ts";
import { type Html, html } from "./html.ts";
import type { PagePart } from "./page-part.ts";
import { groupsOf } from "./rows/groups.ts";
import { headlineOf } from "./rows/headline.ts";
import { analysesSection } from "./sections/analyses-section.ts";
import { answerSection } from "./sections/answer-section.ts";
import { attritionSection } from "./sections/attrition-section.ts";
import { callsSection } from "./sections/calls-section.ts";
import { conditionsSection } from "./sections/conditions-section.ts";
import { designStrip } from "./sections/design-strip.ts";
import { findingsSection } from "./sections/findings-section.ts";
import { gatesSection } from "./sections/gates-section.ts";
import { methodsSection } from "./sections/methods-section.ts";
import { notesList } from "./sections/notes-list.ts";
import { provenanceSection } from "./sections/provenance-section.ts";
import { stoppingSection } from "./sections/stopping-section.ts";

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
  const { experiments, provenance } = analysis;
  const parts = experiments.map((experiment, i) =>
    partOf(experiment, charts, { missing, index: experiments.length > 1 ? i : null }),
  );
  const title = experiments.map((experiment) => experiment.name).join(", ") || "No experiment";
  return documentOf({
    title: `${title} · report`,
    generator: `labwright ${provenance.labwright}`,
    skipTo: parts[0]?.anchor("answer") ?? "provenance",
    bar: bar(parts),
    main: html`${parts.length !== 1 && contents(parts, title)}
${parts.map(
  (part) => html`<article aria-label="${part.experiment.name}">
${answerSection(part, provenance)}
${notesList(part)}
${designStrip(part)}
${stoppingSection(part)}
${gatesSection(part)}
${findingsSection(part)}
${analysesSection(part)}
${conditionsSection(part)}
${callsSection(part)}
${attritionSection(part)}
${methodsSection(part)}
</article>
`,
)}
${provenanceSection(analysis)}`,
    footer: html`Made by labwright ${provenance.labwright}. Every number printed here is in the JSON file beside this page, at full precision.`,
  });
}

function partOf(
  experiment: ExperimentAnalysis,
  drawn: readonly DrawnChart[],
  { missing, index }: { readonly missing: MissingParts; readonly index: number | null },
): PagePart {
  const groups = groupsOf(experiment);
  const headline = headlineOf(experiment, groups);
  const charts = drawn.filter(
    ({ chart, experiment: of }) => of === experiment.name && chart.isForFiles !== true,
  );
  const primary = new Set(headline.group?.findings.map(({ id }) => id));
  const lead =
    charts.find(({ about }) => about.kind === "finding" && primary.has(about.name)) ??
    charts.find(({ about }) => about.kind === "metric") ??
    null;
  return {
    experiment,
    groups,
    headline,
    charts,
    lead,
    undrawn: undrawnOf(experiment, missing),
    anchor: (name) => (index === null ? name : `${name}-${index + 1}`),
  };
}

function undrawnOf(
  { name }: ExperimentAnalysis,
  { faults = [], chartsLeftOut = {} }: MissingParts,
): readonly string[] {
  const leftOut = chartsLeftOut[name];
  return [
    ...faults
      .filter((fault) => fault.experiment === name && fault.kind === "chart")
      .map(
        ({ about, message }) =>
          `A chart of ${about} could not be drawn (${message}), which is a fault of labwright's; the numbers are in the tables.`,
      ),
    ...(leftOut === undefined
      ? []
      : [
          `${numberText(leftOut)} charts of this experiment are not drawn, as a report of so many experiments or findings has no room for them; the numbers are in the tables.`,
        ]),
  ];
}

/** Where to go, and at the right what is wrong. */
function bar(parts: readonly PagePart[]): Html {
  const [only] = parts;
  const links =
    parts.length === 1 && only !== undefined
      ? html`<b>${only.experiment.name}</b>${sectionNames(only).map((name) => html`<a href="#${name}">${name[0]!.toUpperCase()}${name.slice(1)}</a>`)}`
      : html`${parts.map((part) => html`<a href="#${part.anchor("answer")}">${part.experiment.name}</a>`)}`;
  return html`<nav class="bar" aria-label="Sections"><div class="page">${links}<a href="#provenance">Provenance</a>${stateText(parts)}</div></nav>`;
}

function sectionNames({ experiment, groups }: PagePart): readonly string[] {
  const has = (kind: string) => experiment.findings.some((finding) => finding.kind === kind);
  const isAnalysed = experiment.findings.some(({ kind }) => kind !== "gate");
  return [
    "answer",
    "design",
    ...(experiment.stopping === null ? [] : ["stopping"]),
    ...(has("gate") ? ["gates"] : []),
    ...(groups.length > 0 ? ["findings"] : []),
    ...(isAnalysed ? ["analyses"] : []),
    "conditions",
    ...(experiment.calls === null ? [] : ["calls"]),
    "attrition",
    "methods",
  ];
}

function stateText(parts: readonly PagePart[]): Html | null {
  const failing = parts.flatMap((part) =>
    part.experiment.findings
      .filter((finding) => finding.kind === "gate" && finding.verdict === "failed")
      .map(() => part),
  );
  const failed = parts.reduce((sum, { experiment }) => sum + experiment.attrition.total.failed, 0);
  const [first] = failing;
  if (first === undefined && failed === 0) return null;
  const where = parts.find(({ experiment }) => experiment.attrition.total.failed > 0);
  return html`<span class="state">${first !== undefined && html`<a class="alarm" href="#${first.anchor("gates")}">▲ ${numberText(failing.length)} ${failing.length === 1 ? "gate fails" : "gates fail"}</a>`}${first !== undefined && failed > 0 && " · "}${where !== undefined && html`<a href="#${where.anchor("attrition")}">${numberText(failed)} ${failed === 1 ? "trial" : "trials"} failed</a>`}</span>`;
}

/** Several experiments: each with its answer in a line. */
function contents(parts: readonly PagePart[], title: string): Html {
  return html`<h1>${parts.length === 0 ? title : `${numberText(parts.length)} experiments`}</h1>
<ul class="contents">${parts.map((part) => html`<li><a href="#${part.anchor("answer")}"><b>${part.experiment.name}</b></a> ${part.headline.word} ${part.headline.sentence}</li>`)}</ul>`;
}
