// All findings as one longtable, as the page has them: a group an analysis, a row an estimate, its interval drawn by rules. What is decided
// is black and filled, what is open grey and hollow; a group has an axis of its own, whose ends and reference stand in its head.
import type { ExperimentAnalysis, MetricSummary } from "../analysis/analysis.ts";
import { intervalText } from "../analysis/words/number-text.ts";
import { type GlyphAxis, glyphAxisOf } from "../page/glyphs/glyph-axis.ts";
import { betweenText, type FindingRow, type RowGroup, rowsOf } from "../page/rows/finding-row.ts";
import { bareP, formatOf, type NumberFormat, valueText } from "../page/rows/row-text.ts";
import { escaped } from "./latex-text.ts";

/** What the table needs of a preamble. Positions are shares of the width of the column of marks. */
export const findingMacros = String.raw`\newlength{\glyphwidth}\setlength{\glyphwidth}{26mm}
\newcommand{\glyph}[1]{\makebox[\glyphwidth][l]{#1}}
\newcommand{\glyphat}[2]{\rlap{\hspace*{#1\glyphwidth}#2}}
\newcommand{\referenceline}[1]{\glyphat{#1}{\textcolor{black!35}{\rule[-.7ex]{.4pt}{2.6ex}}}}
\newcommand{\marginband}[2]{\glyphat{#1}{\textcolor{black!12}{\rule[-.7ex]{\dimexpr#2\glyphwidth-#1\glyphwidth\relax}{2.6ex}}}}
% \reach{low}{high}{decided}: the interval that holds together with the others of its family.
\newcommand{\reach}[3]{\glyphat{#1}{\ifnum#3=1\else\color{black!45}\fi\rule[.53ex]{\dimexpr#2\glyphwidth-#1\glyphwidth\relax}{.35pt}}}
% \interval{low}{estimate}{high}{decided}
\newcommand{\interval}[4]{\glyphat{#1}{\ifnum#4=1\else\color{black!45}\fi\rule[.42ex]{\dimexpr#3\glyphwidth-#1\glyphwidth\relax}{1.1pt}}%
  \glyphat{#2}{\makebox[0pt]{\ifnum#4=1$\bullet$\else\color{white}\rlap{\makebox[0pt]{$\bullet$}}\color{black!45}\makebox[0pt]{$\circ$}\fi}}}`;

const columns = String.raw`@{}>{\raggedright}p{39mm}l r >{\raggedright}p{37mm} r@{\hspace{2.5mm}}r@{}`;

/** The table; null where nothing was declared. */
export function findingsTable(experiment: ExperimentAnalysis, groups: readonly RowGroup[]): string | null {
  if (groups.length === 0) return null;
  return String.raw`% begin table findings
\begingroup\footnotesize\setlength{\tabcolsep}{1.7mm}
\begin{longtable}{${columns}}
\caption{All findings. Dot and thick line: estimate and its interval; thin line: the interval that holds together with its family. Black: decided by the $p$ shown; grey: open.}\\
\toprule
finding & interval & estimate [interval] & verdict & $p$ & $n$ \\
\midrule
\endfirsthead
\toprule
finding & interval & estimate [interval] & verdict & $p$ & $n$ \\
\midrule
\endhead
\bottomrule
\endfoot
${groups.map((group) => groupLines(experiment, group)).join("\n\\addlinespace\n")}
\end{longtable}
\endgroup
% end table findings`;
}

function groupLines({ metrics }: ExperimentAnalysis, group: RowGroup): string {
  const [first] = group.findings;
  const metric: MetricSummary | null =
    first !== undefined && "metric" in first
      ? (metrics.find(({ name }) => name === first.metric) ?? null)
      : null;
  const axis = glyphAxisOf(rowsOf(group), {
    ...group.scale,
    range: group.scale.reference === null ? (metric?.range ?? null) : null,
  });
  const format = formatOf(group);
  const note = group.note === "" ? "" : ` \\textcolor{black!60}{${escaped(group.note)}}`;
  return [
    `\\multicolumn{6}{@{}p{\\linewidth}@{}}{\\textbf{${escaped(group.title)}}${note}} \\\\*`,
    ...(axis === null ? [] : [`& ${axisText(axis)} & & & & \\\\*`]),
    ...group.parts.flatMap(({ head, rows }) => [
      ...(head === null ? [] : [`\\multicolumn{6}{@{}l}{\\textit{${escaped(head)}}} \\\\*`]),
      ...rows.map((row) => rowLine(row, axis, format)),
    ]),
  ].join("\n");
}

/** The first and the last round number of the axis, and the reference. */
function axisText({ ticks }: GlyphAxis): string {
  const shown = ticks.filter(({ isMiddle }) => !isMiddle);
  const labels = shown.map(
    ({ percent, label }) =>
      `\\glyphat{${share(percent)}}{\\makebox[0pt]{\\scriptsize\\color{black!60}${escaped(label)}}}`,
  );
  return `\\glyph{${labels.join("")}}`;
}

function rowLine(row: FindingRow, axis: GlyphAxis | null, format: NumberFormat): string {
  const { estimate, interval, p, n, state } = row;
  const tone = state === "open" ? "\\color{black!55}" : "";
  const range = interval === null ? "" : ` ${escaped(intervalText(interval, format.decimals))}`;
  const value = estimate === null ? "" : `\\textbf{${escaped(valueText(estimate, format))}}${range}`;
  return [
    `${tone}${escaped(betweenText(row))}`,
    axis === null ? "" : glyphOf(row, axis),
    `${tone}${value}`,
    `${tone}${escaped(row.verdict)}`,
    `${tone}${p === null ? "" : escaped(bareP(p))}`,
    `${tone}${escaped(n)}`,
  ]
    .join(" & ")
    .concat(" \\\\");
}

function glyphOf({ estimate, interval, adjusted, state }: FindingRow, axis: GlyphAxis): string {
  const place = (value: number) => share(axis.at(value));
  const decided = state === "open" ? 0 : 1;
  const band =
    axis.band === null
      ? ""
      : `\\marginband{${place(Math.max(axis.band.low, -Number.MAX_VALUE))}}{${place(Math.min(axis.band.high, Number.MAX_VALUE))}}`;
  const reference = axis.reference === null ? "" : `\\referenceline{${place(axis.reference)}}`;
  if (estimate === null) return `\\glyph{${band}${reference}}`;
  const reach =
    adjusted === null ? "" : `\\reach{${place(adjusted.low)}}{${place(adjusted.high)}}{${decided}}`;
  const beyond = axis.beyond(estimate);
  if (beyond !== 0)
    return `\\glyph{${band}${reference}\\glyphat{${beyond < 0 ? "0" : "0.96"}}{$\\triangle${beyond < 0 ? "left" : "right"}$}}`;
  const { low, high } = interval ?? { low: estimate, high: estimate };
  return `\\glyph{${band}${reference}${reach}\\interval{${place(low)}}{${place(estimate)}}{${place(high)}}{${decided}}}`;
}

/** Percent as a share that TeX takes as the factor of a length. */
function share(percent: number): string {
  return String(Math.round(10 * percent) / 1000);
}
