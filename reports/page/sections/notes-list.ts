// What limits the answer, directly under it: gates that do not pass, trials that were lost, what stayed inconclusive, departures. At most
// four are in sight; the others are one click away.
import { numberText } from "../../analysis/words/number-text.ts";
import { type Html, html } from "../html.ts";
import type { PagePart } from "../page-part.ts";
import { decidedCount } from "../rows/headline.ts";

interface Note {
  readonly text: Html;
  /** Something failed: never said by colour alone, but by a triangle and the words. */
  readonly isBad: boolean;
}

const shownMax = 4;

export function notesList(part: PagePart): Html | null {
  const notes = notesOf(part);
  if (notes.length === 0) return null;
  const item = ({ text, isBad }: Note) => html`<li${isBad && html` class="bad"`}>${text}</li>`;
  const more = notes.slice(shownMax);
  return html`<ul class="notes" aria-label="What to know before use">${notes.slice(0, shownMax).map(item)}</ul>
${more.length > 0 && html`<details><summary>${numberText(more.length)} more ${more.length === 1 ? "note" : "notes"}</summary><ul class="notes">${more.map(item)}</ul></details>`}`;
}

function notesOf(part: PagePart): readonly Note[] {
  const { experiment, undrawn, groups } = part;
  const { failed, measured } = experiment.attrition.total;
  const { decided, asked } = groups
    .map(decidedCount)
    .reduce((sum, each) => ({ decided: sum.decided + each.decided, asked: sum.asked + each.asked }), {
      decided: 0,
      asked: 0,
    });
  const open = asked - decided;
  const said = experiment.notes.map(
    (text): Note => ({
      text: html`${text}`,
      isBad:
        /cannot be read|No trial (was measured|succeeded)/.test(text) ||
        (failed > 0 && /ended without a measurement/.test(text)),
    }),
  );
  const warning = experiment.attrition.warning;
  return [
    ...gateNotes(part),
    ...said.filter(({ isBad }) => isBad),
    ...said.filter(({ isBad }) => !isBad),
    ...(open > 0 && measured > 0
      ? [
          {
            text: html`<a href="#${part.anchor("findings")}">${numberText(open)} of ${numberText(asked)} ${asked === 1 ? "finding is" : "findings are"} inconclusive.</a> That is no evidence of no difference.`,
            isBad: false,
          },
        ]
      : []),
    ...(warning === null
      ? []
      : [
          {
            text: html`<a href="#${part.anchor("attrition")}">Conditions lost different shares of their trials.</a> What is left may differ for that reason.`,
            isBad: false,
          },
        ]),
    ...undrawn.map((text) => ({ text: html`${text}`, isBad: false })),
  ];
}

function gateNotes(part: PagePart): readonly Note[] {
  const gates = part.experiment.findings.filter((finding) => finding.kind === "gate");
  const failed = gates.filter(({ verdict }) => verdict === "failed");
  const undecided = gates.filter(({ verdict }) => verdict === "undecided");
  if (failed.length + undecided.length === 0) return [];
  const named = [...failed, ...undecided].slice(0, 2).map(({ expectation }) => expectation);
  const isAre = (count: number, one: string, many: string) =>
    `${numberText(count)} ${count === 1 ? one : many}`;
  const counts = [
    ...(failed.length > 0 ? [isAre(failed.length, "gate fails", "gates fail")] : []),
    ...(undecided.length > 0
      ? [
          failed.length > 0
            ? isAre(undecided.length, "is undecided", "are undecided")
            : isAre(undecided.length, "gate is undecided", "gates are undecided"),
        ]
      : []),
  ];
  return [
    {
      text: html`<a href="#${part.anchor("gates")}">${counts.join(", ")}</a> of ${numberText(gates.length)}: ${named.join("; ")}${failed.length + undecided.length > named.length && " and others"}.`,
      isBad: failed.length > 0,
    },
  ];
}
