// Every analysis in full: its sentences and why this test at the left, its drawing at the right, further numbers and what other methods
// would have said folded away. Repeats for the levels of `by` are one analysis.
import type { Finding } from "../../analysis/finding.ts";
import { numberText } from "../../analysis/words/number-text.ts";
import { bodyOf } from "../bodies/bodies.ts";
import { remarkOf } from "../bodies/remarks.ts";
import { figures } from "../figures.ts";
import { type Html, html } from "../html.ts";
import { chartsAbout, type PagePart } from "../page-part.ts";
import type { RowGroup } from "../rows/finding-row.ts";

const kinds: Readonly<Record<Finding["kind"], string>> = {
  compare: "comparison",
  equivalent: "equivalence",
  effect: "main effect",
  interaction: "interaction",
  curve: "curve, described",
  relation: "relation",
  regression: "regression on several factors",
  profile: "profile over tasks",
  gate: "gate",
  custom: "the author's own analysis",
  chart: "the author's own chart",
  unanswered: "no answer",
};

/** Gates stand in a section of their own. Absent where nothing was declared. */
export function analysesSection(part: PagePart): Html | null {
  const seen = new Set<string>();
  const groups = part.groups.filter(({ anchor, findings: [first] }) => {
    const isNew = first !== undefined && first.kind !== "gate" && !seen.has(anchor);
    seen.add(anchor);
    return isNew;
  });
  if (groups.length === 0) return null;
  return html`<section id="${part.anchor("analyses")}" aria-label="Analyses"><h2>Analyses</h2>
${groups.map((group) => analysis(part, group))}</section>`;
}

/** Without a drawing beside it, text of more letters stands in two columns. */
const lettersMax = 500;

/** Parts of an analysis with `by` whose tables the page has. */
const bodiesMax = 12;

function analysis(part: PagePart, group: RowGroup): Html {
  const { findings, anchor } = group;
  const first = findings[0]!;
  const charts = findings.flatMap((finding) => chartsAbout(part, "finding", finding.id));
  const isLead = findings.some(
    (finding) => part.lead?.about.kind === "finding" && part.lead.about.name === finding.id,
  );
  const reasons = [...new Set(findings.map(({ reason }) => reason))].filter((reason) => reason !== "");
  const notes = [...new Set(findings.flatMap((finding) => finding.notes))];
  const remarks = findings.slice(0, bodiesMax).flatMap((finding) => {
    const remark = remarkOf(finding);
    const head = findings.length > 1 && withinOf(finding) !== null ? `${withinOf(finding)}: ` : "";
    return remark === null ? [] : [`${head}${remark}`];
  });
  const bodies = findings.slice(0, bodiesMax).flatMap((finding) => {
    const body = bodyOf(finding);
    return body === null ? [] : [{ body, head: findings.length > 1 ? withinOf(finding) : null }];
  });
  const letters = [
    ...findings.flatMap(({ sentences }) => sentences.slice(0, shownMax)),
    ...remarks,
    ...reasons,
  ].join("").length;
  const more =
    charts.length > 1 &&
    html`<details><summary>${numberText(charts.length - 1)} more ${charts.length === 2 ? "drawing" : "drawings"}</summary>${figures(charts.slice(1))}</details>`;
  return html`<div class="analysis${charts.length === 0 && (letters > lettersMax ? " wordy long" : " wordy")}" id="${part.anchor(anchor)}"><div class="text">
<p class="kind">${kinds[first.kind]} · ${first.isConfirmatory ? "confirmatory" : "exploratory: added after the design was frozen"}${group === part.headline.group && " · primary"}</p>
<h3>${group.title}</h3>
${sentencesOf(findings)}
${remarks.map((remark) => html`<p class="small">${remark}</p>`)}
${notes.map((note) => html`<p class="note small">${note}</p>`)}
${isLead && html`<p class="small"><a href="#${part.anchor("answer")}">Its drawing stands beside the answer.</a></p>`}
${reasons.map((reason) => html`<p class="small soft">${reason}</p>`)}
</div>${figures(charts.slice(0, 1))}<div class="further">${bodies.map(({ body, head }, i) => html`<div class="folds">${head !== null && html`<h4>${head}</h4>`}${body}${i === bodies.length - 1 && more}</div>`)}${bodies.length === 0 && more}${findings.length > bodiesMax && html`<p class="small soft">The tables of ${numberText(findings.length - bodiesMax)} further parts are in the CSV and JSON files beside this page.</p>`}</div></div>
`;
}

function withinOf(finding: Finding): string | null {
  return "within" in finding ? finding.within : null;
}

/** Sentences in sight; the rows of the table of findings say the same in a line each. */
const shownMax = 3;
const sentencesMax = 100;

function sentencesOf(findings: readonly Finding[]): Html {
  const all = findings.flatMap(({ sentences }) => sentences);
  const more = all.slice(shownMax, sentencesMax);
  const left = all.length - shownMax - more.length;
  return html`${all.slice(0, shownMax).map((sentence) => html`<p>${sentence}</p>`)}${
    more.length > 0 &&
    html`<details><summary>${numberText(more.length)} more ${more.length === 1 ? "sentence" : "sentences"}</summary>${more.map((sentence) => html`<p>${sentence}</p>`)}${left > 0 && html`<p class="soft">And ${numberText(left)} more, in the JSON file beside this page.</p>`}</details>`
  }`;
}
