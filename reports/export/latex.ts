// The tables as a LaTeX document with a bare article class: booktabs rules, numbers as siunitx reads them. Each table is also
// marked by comments, to be copied into a paper whose preamble has \usepackage{booktabs,siunitx,graphicx}.
import type { Analysis, ExperimentAnalysis } from "../analysis/analysis.ts";
import { methodsOf } from "../analysis/words/methods.ts";
import type { DrawnChart } from "../page/drawn-chart.ts";
import type { PlainTable } from "./plain-table.ts";
import { tablesOf } from "./tables.ts";

const rowsMax = 200;

/** A whole document; figures are the PDF files written beside it. */
export function latexOf(analysis: Analysis, charts: readonly DrawnChart[]): string {
  const parts = analysis.experiments.flatMap((experiment) =>
    experimentParts(
      experiment,
      charts.filter((drawn) => drawn.experiment === experiment.name),
    ),
  );
  return `% Made by labwright ${plain(analysis.provenance.labwright)} from run ${plain(analysis.provenance.run)}.
\\documentclass{article}
\\usepackage[T1]{fontenc}
\\usepackage[utf8]{inputenc}
\\usepackage{booktabs}
\\usepackage{siunitx}
\\usepackage{graphicx}
\\begin{document}

${parts.join("\n\n")}

\\end{document}
`;
}

function experimentParts(experiment: ExperimentAnalysis, charts: readonly DrawnChart[]): readonly string[] {
  const methods = methodsOf(experiment);
  const answers = experiment.findings.flatMap(({ sentences }) => sentences);
  return [
    `\\section*{${escaped(experiment.name)}}`,
    ...(experiment.question === null ? [] : [`\\emph{${escaped(experiment.question)}}`]),
    ...(answers.length === 0
      ? []
      : [
          `\\begin{itemize}\n${answers.map((sentence) => `  \\item ${escaped(sentence)}`).join("\n")}\n\\end{itemize}`,
        ]),
    ...experiment.notes.map(escaped),
    ...tablesOf(experiment).map(tableText),
    ...charts.map(figureText),
    "\\subsection*{Methods}",
    escaped(methods.paragraph),
    ...(methods.references.length === 0 ? [] : [methods.references.map(escaped).join("\n\n")]),
    "\\clearpage",
  ];
}

function tableText(table: PlainTable): string {
  const rows = table.rows.slice(0, rowsMax);
  const spec = table.columns.map(({ isNumber }) => (isNumber ? "r" : "l")).join("");
  const more =
    table.rows.length > rows.length ? ` The first ${rows.length} of ${table.rows.length} rows.` : "";
  return `% begin table ${plain(table.id)}
\\begin{table}[htbp]
\\centering\\small
\\caption{${escaped(table.caption + more)}}
\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%
\\begin{tabular}{${spec}}
\\toprule
${table.columns.map(({ head }) => escaped(head)).join(" & ")} \\\\
\\midrule
${rows.map((row) => `${row.map((cell, i) => cellText(cell, table.columns[i]!.isNumber)).join(" & ")} \\\\`).join("\n")}
\\bottomrule
\\end{tabular}}
\\end{table}
% end table ${plain(table.id)}`;
}

function figureText({ chart }: DrawnChart): string {
  return `\\begin{figure}[htbp]
\\centering
\\includegraphics[width=0.7\\linewidth]{charts/${chart.id}.pdf}
\\caption{${escaped(`${chart.title}. ${chart.caption}`)}}
\\end{figure}`;
}

/** A number as \num{...}, so that siunitx sets its minus sign and groups; anything else as text. */
function cellText(cell: string, isNumber: boolean): string {
  const ascii = cell.replaceAll("−", "-").replaceAll(",", "").replace(" × 10^", "e");
  return isNumber && /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/.test(ascii) ? `\\num{${ascii}}` : escaped(cell);
}

const symbols: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "{": "\\{",
  "}": "\\}",
  $: "\\$",
  "&": "\\&",
  "#": "\\#",
  "%": "\\%",
  _: "\\_",
  "^": "\\textasciicircum{}",
  "~": "\\textasciitilde{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "−": "$-$",
  "–": "--",
  "×": "$\\times$",
  "·": "$\\cdot$",
  "²": "\\textsuperscript{2}",
  "…": "\\ldots{}",
  "±": "$\\pm$",
};

/** Escapes text for LaTeX; a character outside Latin-1 that has no spelling here becomes its code point, so that it compiles. */
export function escaped(text: string): string {
  return [...text.replaceAll(/\s+/g, " ")]
    .map((character) => {
      const symbol = symbols[character];
      if (symbol !== undefined) return symbol;
      const code = character.codePointAt(0)!;
      return (code >= 0x20 && code < 0x7f) || (code >= 0xa1 && code <= 0xff && code !== 0xad)
        ? character
        : `[U+${code.toString(16).toUpperCase().padStart(4, "0")}]`;
    })
    .join("");
}

/** Text for a comment: one line, ASCII. */
function plain(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, "?");
}
