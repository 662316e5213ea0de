// The report as a LaTeX document in the order of the page: the answer as abstract, all findings in one table, the figures, the author's own
// tables, the methods; everything else in an appendix. A bare article on A4; figures are the PDF files written beside it. Each table is also
// marked by comments, to be copied into a paper whose preamble has \\usepackage{booktabs,longtable,siunitx,xcolor} and our macros.
import type { Analysis, ExperimentAnalysis } from "../analysis/analysis.ts";
import { methodsOf } from "../analysis/words/methods.ts";
import { intervalText } from "../analysis/words/number-text.ts";
import { whenRan } from "../analysis/words/when-ran.ts";
import type { DrawnChart } from "../page/drawn-chart.ts";
import { betweenText, type RowGroup } from "../page/rows/finding-row.ts";
import { groupsOf } from "../page/rows/groups.ts";
import { headlineOf } from "../page/rows/headline.ts";
import { formatOf, valueText } from "../page/rows/row-text.ts";
import { findingTables } from "./finding-tables.ts";
import { findingMacros, findingsTable } from "./latex-findings.ts";
import { tableText } from "./latex-tables.ts";
import { escaped, plain } from "./latex-text.ts";
import { tablesOf } from "./tables.ts";

/** A whole document. */
export function latexOf(analysis: Analysis, charts: readonly DrawnChart[]): string {
  const parts = analysis.experiments.map((experiment) =>
    experimentPart(
      experiment,
      charts.filter((drawn) => drawn.experiment === experiment.name && drawn.chart.isForFiles !== true),
      analysis.provenance,
    ),
  );
  return `% Made by labwright ${plain(analysis.provenance.labwright)} from run ${plain(analysis.provenance.run)}.
\\documentclass[10pt,a4paper]{article}
\\usepackage[T1]{fontenc}
\\usepackage[utf8]{inputenc}
\\IfFileExists{lmodern.sty}{\\usepackage{lmodern}}{\\usepackage{mathptmx}}
\\usepackage[margin=22mm]{geometry}
\\usepackage{booktabs}
\\usepackage{array}
\\usepackage{longtable}
\\usepackage{siunitx}
\\usepackage{xcolor}
\\usepackage{graphicx}
${findingMacros}
% Two figures a page.
\\renewcommand{\\topfraction}{.95}\\renewcommand{\\bottomfraction}{.95}\\renewcommand{\\textfraction}{.03}
\\renewcommand{\\floatpagefraction}{.55}\\setcounter{topnumber}{3}\\setcounter{bottomnumber}{3}\\setcounter{totalnumber}{6}
\\setlength{\\LTcapwidth}{\\textwidth}\\setlength{\\parindent}{0pt}\\setlength{\\parskip}{4pt}
\\begin{document}

${parts.join("\n\n\\clearpage\n\n")}

\\end{document}
`;
}

function experimentPart(
  experiment: ExperimentAnalysis,
  charts: readonly DrawnChart[],
  provenance: Analysis["provenance"],
): string {
  const groups = groupsOf(experiment);
  const methods = methodsOf(experiment);
  const isOwn = (id: string) =>
    experiment.findings.some((finding) => finding.kind === "custom" && id.startsWith(finding.id));
  const own = experiment.findings.filter(({ kind }) => kind === "custom").flatMap(findingTables);
  const others = tablesOf(experiment).filter(({ id }) => !isOwn(id));
  const isMain = ({ about }: DrawnChart, i: number) =>
    about.kind !== "detail" &&
    about.kind !== "attrition" &&
    charts.findIndex((other) => other.about.kind === about.kind && other.about.name === about.name) === i;
  const appendix = [
    ...others.map(tableText),
    ...charts.filter((drawn, i) => !isMain(drawn, i)).map(figureText),
  ];
  return [
    // No figure stands above the answer.
    `\\section*{${escaped(experiment.question ?? experiment.name)}}\\suppressfloats[t]`,
    `{\\small ${escaped(experiment.name)}, run ${escaped(provenance.runName ?? provenance.run)}, ${escaped(whenRan(provenance, (time) => time.slice(0, 10)))}}`,
    abstractOf(experiment, groups),
    ...experiment.notes.map((note) => `\\textit{${escaped(note)}}\\par`),
    findingsTable(experiment, groups),
    ...charts.filter(isMain).map(figureText),
    ...own.map(tableText),
    "\\subsection*{Methods}",
    escaped(methods.paragraph),
    methods.references.length === 0
      ? null
      : `\\begingroup\\small ${methods.references.map((reference) => `${escaped(reference)}\\par`).join("\n")}\\endgroup`,
    ...(appendix.length === 0 ? [] : ["\\clearpage\n\\subsection*{Appendix}", ...appendix]),
  ]
    .filter((part) => part !== null)
    .join("\n\n");
}

/** Verdict, estimate and interval; what the page leads with. */
function abstractOf(experiment: ExperimentAnalysis, groups: readonly RowGroup[]): string {
  const { word, sentence, group, row, within } = headlineOf(experiment, groups);
  const answer = `\\textbf{${escaped(word)}} ${escaped(sentence)}`;
  if (group === null || row === null || row.estimate === null) return abstract(answer);
  const format = formatOf(group);
  const interval = row.interval === null ? "" : ` ${escaped(intervalText(row.interval, format.decimals))}`;
  const what = [escaped(betweenText(row)), ...(within === null ? [] : [escaped(within)])].join(", ");
  return abstract(
    `${answer}\n\n${escaped(group.title)}: {\\large\\textbf{${escaped(valueText(row.estimate, format))}}}${interval} (${what}; ${escaped(group.note)}).`,
  );
}

function abstract(text: string): string {
  return `\\begin{abstract}\n${text}\n\\end{abstract}`;
}

/** Width of the text, and a height of which two fit a page, in millimetres. */
const widthMax = 166;
const heightMax = 88;
const millimetresPerPixel = 25.4 / 96;

function figureText({ chart, svg }: DrawnChart): string {
  const sizeOf = (name: string) =>
    Number(new RegExp(`<svg[^>]* ${name}="([0-9.]+)"`).exec(svg)?.[1] ?? 400) * millimetresPerPixel;
  const [width, height] = [sizeOf("width"), sizeOf("height")];
  // Letters keep their size; a drawing higher than half a page has a page of its own.
  const scale = Math.min(1, widthMax / width, (height > 1.5 * heightMax ? 2.4 : 1) * (heightMax / height));
  return `\\begin{figure}[tbp]
\\centering
\\includegraphics[width=${(scale * width).toFixed(1)}mm]{charts/${chart.id}.pdf}
\\caption{${escaped(`${chart.title}. ${chart.caption}`)}}
\\end{figure}`;
}
