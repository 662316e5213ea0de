// Gates as JUnit XML, for continuous integration: one test suite an experiment, one test case a gate. A gate that is not passed
// is a failure, whether the evidence says no or leaves it open; so is an analysis that has no answer.
import type { Analysis, ExperimentAnalysis } from "../analysis/analysis.ts";
import type { GateFinding, UnansweredFinding } from "../analysis/finding.ts";
import { visibleText } from "../design/visible-text.ts";

/** What `--check` asks: a gate, or an analysis without an answer, which is undecided whatever it asked. */
export interface CheckedFinding {
  readonly experiment: string;
  readonly finding: GateFinding | UnansweredFinding;
  readonly verdict: GateFinding["verdict"];
}

/** Every gate and every unanswered analysis; `lab report --check` passes when all are "passed". */
export function checksOf(analysis: Analysis): readonly CheckedFinding[] {
  return analysis.experiments.flatMap(checksWithin);
}

function checksWithin({ name, findings }: ExperimentAnalysis): readonly CheckedFinding[] {
  return findings.flatMap((finding): CheckedFinding[] => {
    if (finding.kind === "gate") return [{ experiment: name, finding, verdict: finding.verdict }];
    return finding.kind === "unanswered" ? [{ experiment: name, finding, verdict: "undecided" }] : [];
  });
}

/** One `<testsuites>` document; a suite without gates is left out. */
export function junitOf(analysis: Analysis): string {
  const suites = analysis.experiments.flatMap((experiment) => {
    const { name } = experiment;
    const checks = checksWithin(experiment);
    if (checks.length === 0) return [];
    const failures = checks.filter(({ verdict }) => verdict !== "passed").length;
    return [
      `  <testsuite name="${escaped(name)}" tests="${checks.length}" failures="${failures}">\n${checks.map(caseText).join("\n")}\n  </testsuite>`,
    ];
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join("\n")}${suites.length > 0 ? "\n" : ""}</testsuites>\n`;
}

function caseText({ experiment, finding, verdict }: CheckedFinding): string {
  const open = `    <testcase classname="${escaped(experiment)}" name="${escaped(finding.title)}"`;
  if (verdict === "passed") return `${open}/>`;
  const sentence = escaped(finding.sentences.join(" "));
  return `${open}>\n      <failure type="${verdict}" message="${sentence}"/>\n    </testcase>`;
}

/** Text in an XML attribute. */
function escaped(text: string): string {
  return visibleText(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\n", "&#10;");
}
