// The design in one strip: factors with levels, size, what became of the trials, metrics.
import type { ExperimentAnalysis, MetricSummary } from "../../analysis/analysis.ts";
import { numberText } from "../../analysis/words/number-text.ts";
import { type Html, html } from "../html.ts";
import type { PagePart } from "../page-part.ts";

const levelsMax = 24;

export function designStrip(part: PagePart): Html {
  const { experiment } = part;
  const { design } = experiment;
  return html`<div class="strip" id="${part.anchor("design")}" role="region" aria-label="Design">
<div><h4>Factors</h4>${
    design.factors.length === 0
      ? html`<p>No parameter varies: there is one condition.</p>`
      : html`<table><tbody>${design.factors.map(
          ({ name, levels, branch }) =>
            html`<tr><th scope="row">${name}</th><td>${levelsText(levels)}${branch !== null && html` <span class="soft">only where ${branch}</span>`}</td></tr>`,
        )}</tbody></table>`
  }${constantsText(design.constants)}</div>
<div><h4>Size</h4>${sizeText(experiment)}</div>
<div><h4>Attrition</h4>${attritionText(part)}</div>
<div><h4>Metrics</h4><ul>${experiment.metrics.map((metric) => html`<li><b>${metric.name}</b> ${metricText(metric)}</li>`)}</ul></div>
</div>`;
}

/** A constant that is longer, such as a prompt, is folded. */
const constantMax = 120;

function constantsText(constants: ExperimentAnalysis["design"]["constants"]): Html {
  const isLong = ({ value }: { readonly value: string }): boolean => value.length > constantMax;
  const short = constants.filter((each) => !isLong(each));
  return html`${short.length > 0 && html`<p class="soft">constant: ${short.map(({ name, value }) => `${name} ${value}`).join(", ")}</p>`}${constants
    .filter(isLong)
    .map(
      ({ name, value }) =>
        html`<details class="soft"><summary>constant: ${name}, ${numberText(value.length)} characters</summary><p class="long" tabindex="0">${value}</p></details>`,
    )}`;
}

/** Letters of all levels of a factor that the strip has room for. */
const lettersMax = 240;

function levelsText(levels: readonly string[]): string {
  const letters = levels.reduce((sum, level) => sum + level.length, 0);
  if (letters > lettersMax) {
    const [first] = levels;
    const shown = first!.length > lettersMax / 2 ? `${first!.slice(0, lettersMax / 2)}…` : first!;
    return levels.length === 1
      ? shown
      : `${shown} and ${numberText(levels.length - 1)} more, in the table of conditions`;
  }
  if (levels.length <= levelsMax) return levels.join(", ");
  return `${levels.slice(0, 6).join(", ")}, … ${levels.slice(-3).join(", ")} (${numberText(levels.length)})`;
}

function sizeText({ design, attrition }: ExperimentAnalysis): Html {
  const { planned } = attrition.total;
  const isWhole = design.conditions * design.replicates === planned;
  const pairing =
    design.pairing === "common-random-numbers"
      ? "common random numbers: a replicate has the same seed in every condition, so replicates are blocks"
      : "independent random numbers";
  return html`<p class="size">${isWhole ? `${numberText(design.conditions)} × ${numberText(design.replicates)} = ${numberText(planned)}` : `${numberText(planned)}`}</p>
<p class="soft">${isWhole ? "conditions × replicates" : `trials planned over ${numberText(design.conditions)} conditions, ${numberText(design.replicates)} replicates in each`}; ${pairing}; all from ${design.seed}</p>`;
}

function attritionText(part: PagePart): Html {
  const { total } = part.experiment.attrition;
  const { planned, measured, failed, refused, censored, cancelled, budgetStopped, notRun } = total;
  const parts = [
    { count: measured, kind: "done" },
    { count: censored, kind: "cut" },
    { count: failed + refused, kind: "lost" },
    { count: cancelled + budgetStopped + notRun, kind: "rest" },
  ];
  let before = 0;
  const bar = parts.map(({ count, kind }) => {
    const x = planned === 0 ? 0 : (100 * before) / planned;
    before += count;
    return (
      count > 0 &&
      html`<rect class="${kind}" x="${round(x)}%" width="${round((100 * count) / planned)}%" y="0" height="12"/>`
    );
  });
  const share = (count: number) => (count === 0 ? "" : ` (${numberText((100 * count) / planned, 1)}%)`);
  return html`<p class="size">${numberText(measured)} measured</p>
<svg class="share" width="100%" height="12" aria-hidden="true">${bar}</svg>
${measured === planned && html`<p class="soft">none failed, was refused, censored or left out</p>`}
${failed > 0 && html`<p><a class="alarm" href="#${part.anchor("attrition")}">▲ ${numberText(failed)} failed${share(failed)}</a></p>`}
${refused > 0 && html`<p>${numberText(refused)} refused${share(refused)}</p>`}
${censored > 0 && html`<p class="soft">${numberText(censored)} censored${share(censored)}</p>`}
${cancelled + budgetStopped > 0 && html`<p class="soft">${numberText(cancelled + budgetStopped)} stopped</p>`}
${notRun > 0 && html`<p class="soft">${numberText(notRun)} not run</p>`}`;
}

function round(percent: number): number {
  return Math.round(100 * percent) / 100;
}

function metricText({ kind, unit, direction, range, isPrimary }: MetricSummary): string {
  const ends =
    range === null
      ? null
      : `${range.min === null ? "" : numberText(range.min)} to ${range.max === null ? "any" : numberText(range.max)}`;
  return [
    kind,
    unit,
    ends === null || kind === "boolean" ? null : ends.trim(),
    direction === null ? null : `${direction === "maximize" ? "higher" : "lower"} is better`,
    isPrimary ? "primary" : null,
  ]
    .filter((each) => each !== null)
    .join(", ");
}
