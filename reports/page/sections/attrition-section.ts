// What became of every planned trial: a row a reason with how many and where, the counts by condition folded, and a warning where
// conditions lost different shares.
import type { Arm, ExperimentAnalysis } from "../../analysis/analysis.ts";
import { numberText } from "../../analysis/words/number-text.ts";
import { type AttritionRow, attritionHeads } from "../../design/attrition.ts";
import { factorColumns } from "../condition-table.ts";
import { type Column, dataTable } from "../data-table.ts";
import { figures } from "../figures.ts";
import { type Html, html } from "../html.ts";
import { chartsAbout, type PagePart } from "../page-part.ts";

export function attritionSection(part: PagePart): Html {
  const { experiment } = part;
  const { total, warning } = experiment.attrition;
  const start = html`<section id="${part.anchor("attrition")}" aria-label="Attrition"><h2>Attrition</h2>`;
  if (total.measured === total.planned)
    return html`${start}<p>All ${numberText(total.planned)} planned trials were measured; none failed, was refused, censored or left out.</p></section>`;
  return html`${start}
<p>${numberText(total.measured)} of ${numberText(total.planned)} planned trials were measured. A trial without a measurement enters no mean; it is counted here. <code>lab status</code> lists each with the command that replays it.</p>
${warning !== null && html`<p class="note">${warning}</p>`}
${reasonTable(experiment)}
<details><summary>Counts by condition</summary>${armTable(experiment)}${figures(chartsAbout(part, "attrition", experiment.name))}</details></section>`;
}

interface Reason {
  readonly message: string;
  readonly count: number;
  readonly arms: readonly Arm[];
}

function reasonTable(experiment: ExperimentAnalysis): Html | null {
  const reasons = reasonsOf(experiment);
  if (reasons.length === 0) return null;
  return dataTable<Reason>({
    caption: "Why trials have no measurement, the most frequent reason first.",
    name: "Reasons",
    rows: reasons,
    rowsMax: 40,
    columns: [
      { head: "reason", show: ({ message }) => shortened(message) },
      { head: "trials", isNumber: true, show: ({ count }) => numberText(count), key: ({ count }) => count },
      { head: "where", show: ({ arms }) => whereText(arms, experiment) },
    ],
  });
}

function reasonsOf({ attrition, arms }: ExperimentAnalysis): readonly Reason[] {
  const reasons = new Map<string, { count: number; arms: Arm[] }>();
  for (const row of attrition.arms)
    for (const { message, count } of row.reasons) {
      const reason = reasons.get(message) ?? { count: 0, arms: [] };
      reasons.set(message, reason);
      reason.count += count;
      reason.arms.push(arms[row.condition]!);
    }
  return [...reasons]
    .map(([message, reason]) => ({ message, ...reason }))
    .sort((a, b) => b.count - a.count || (a.message < b.message ? -1 : 1));
}

/** The levels that all of them share, and how many conditions these are. */
function whereText(arms: readonly Arm[], { design }: ExperimentAnalysis): string {
  if (arms.length === 1) return arms[0]!.label;
  const shared = design.factors.flatMap(({ name }) => {
    const level = arms[0]!.coordinates[name];
    return level !== undefined && arms.every((arm) => arm.coordinates[name] === level)
      ? [`${name} = ${level}`]
      : [];
  });
  const count = `${numberText(arms.length)} of ${numberText(design.conditions)} conditions`;
  return shared.length === 0 ? count : `${shared.join(", ")}: ${count}`;
}

function armTable(experiment: ExperimentAnalysis): Html {
  const { total, arms } = experiment.attrition;
  const hit = arms.filter((arm) => arm.measured < arm.planned);
  const cells: Column<AttritionRow>[] = attritionHeads
    .filter(([name]) => name === "planned" || name === "measured" || total[name] > 0)
    .map(([name, head]) => ({
      head,
      isNumber: true,
      show: (row) => (row[name] === 0 ? html`<span class="zero">0</span>` : row[name]),
      key: (row) => row[name],
    }));
  return dataTable({
    caption:
      arms.length > 60
        ? `The ${hit.length} conditions that lost trials.`
        : "Planned trials by condition and by how they ended.",
    name: "Attrition by condition",
    rows: arms.length > 60 ? hit : arms,
    columns: [
      ...factorColumns(experiment, (row: AttritionRow) => experiment.arms[row.condition]!),
      ...cells,
      {
        head: "reasons",
        show: (row) =>
          html`<span class="why">${row.reasons.map(({ message, count }) => `${count} × ${shortened(message)}`).join("; ")}</span>`,
      },
    ],
  });
}

function shortened(message: string): string {
  const line = message.split("\n")[0]!;
  return line.length > 160 ? `${line.slice(0, 157)}…` : line;
}
