// Gates as JUnit XML, for continuous integration: one test suite an experiment, one test case a gate. A gate that is not passed
// is a failure, whether the evidence says no or leaves it open.
import type { Analysis } from "../analysis/analysis.ts";
import type { GateFinding } from "../analysis/finding.ts";

export interface CheckedGate {
  readonly experiment: string;
  readonly gate: GateFinding;
}

/** Every gate of an analysis; `lab report --check` passes when all are "passed". */
export function gatesOf(analysis: Analysis): readonly CheckedGate[] {
  return analysis.experiments.flatMap(({ name, findings }) =>
    findings.flatMap((finding) => (finding.kind === "gate" ? [{ experiment: name, gate: finding }] : [])),
  );
}

/** One `<testsuites>` document; a suite without gates is left out. */
export function junitOf(analysis: Analysis): string {
  const suites = analysis.experiments.flatMap(({ name }) => {
    const gates = gatesOf(analysis).filter(({ experiment }) => experiment === name);
    if (gates.length === 0) return [];
    const failures = gates.filter(({ gate }) => gate.verdict !== "passed").length;
    const cases = gates.map(({ gate }) => caseText(name, gate)).join("\n");
    return [
      `  <testsuite name="${escaped(name)}" tests="${gates.length}" failures="${failures}">\n${cases}\n  </testsuite>`,
    ];
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join("\n")}${suites.length > 0 ? "\n" : ""}</testsuites>\n`;
}

function caseText(experiment: string, gate: GateFinding): string {
  const open = `    <testcase classname="${escaped(experiment)}" name="${escaped(gate.title)}"`;
  if (gate.verdict === "passed") return `${open}/>`;
  const sentence = escaped(gate.sentences.join(" "));
  return `${open}>\n      <failure type="${gate.verdict}" message="${sentence}"/>\n    </testcase>`;
}

/** Text in an XML attribute; characters that XML 1.0 forbids become U+FFFD. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\n", "&#10;");
}
