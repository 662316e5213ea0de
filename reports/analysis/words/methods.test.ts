// The methods paragraph names test, correction, error rate, margin and software, a reference stands for each, and no p value is passed over.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { AnalysisSpec } from "../../../lib/experiment/analysis-spec.ts";
import {
  compareSpec,
  customSpec,
  effectSpec,
  equivalentSpec,
  interactionSpec,
  relationSpec,
} from "../../testing/specs.ts";
import { numberMetric, syntheticResults, syntheticTable } from "../../testing/synthetic-results.ts";
import { analyze } from "../analyze.ts";
import { methodsOf } from "./methods.ts";

async function methodsFor(analyses: readonly AnalysisSpec[]) {
  const table = syntheticTable({
    factors: { a: [0, 1, 2], b: [0, 1] },
    replicates: 8,
    metrics: { y: numberMetric() },
    value: ({ condition, noise }) => Number(condition.a) + noise,
    analyses,
  });
  const analysis = await analyze(syntheticResults([table]), {
    customs: { [table.experiment.name]: { mine: { estimate: 1, pValue: 0.03 } } },
  });
  return methodsOf(analysis.experiments[0]!);
}

const cites = (references: readonly string[], author: string) =>
  assert.ok(
    references.some((text) => text.startsWith(author)),
    `${author} is not among ${references.join("\n")}`,
  );

test("test, correction, error rate, margin, software and their references are named", async () => {
  const family = { name: "f", correction: "simultaneous" } as const;
  const { paragraph, references } = await methodsFor([
    compareSpec("y", "a", { family }),
    equivalentSpec("y", "a", 0.25, { family: { name: "e", correction: "holm" } }),
  ]);
  assert.match(paragraph, /Welch's t test stratified by the cells of b/);
  assert.match(
    paragraph,
    /corrected by Games-Howell over the 3 tests of the family "f" and Holm over the 3 tests of the family "e"; families are not corrected for each other/,
  );
  assert.match(paragraph, /Error rates: 0\.05/);
  assert.match(paragraph, /two one-sided tests, each at 0\.05, show their difference to lie within ±0\.25/);
  assert.match(paragraph, /Computed with labwright .+ on Node\.js v?\d/);
  for (const author of [
    "Welch, B. L. (1947)",
    "Games",
    "Holm",
    "Strassburger",
    "Schuirmann",
    "Delacre",
    "Satterthwaite",
  ])
    cites(references, author);
});

test("a test of whatever kind is in a family that is named, or listed as not corrected", async () => {
  const family = { name: "all", correction: "bonferroni" } as const;
  const together = await methodsFor([
    compareSpec("y", "a", { family }),
    interactionSpec("y", ["a", "b"], { family }),
    effectSpec("y", "b", { family }),
    relationSpec("y", "a", { family }),
    { ...customSpec("mine"), family },
  ]);
  assert.match(together.paragraph, /Bonferroni over the 7 tests of the family "all"/);
  assert.match(
    together.paragraph,
    /Not corrected for multiplicity: the test over all levels beside its pairs and /,
  );
  cites(together.references, "Dunn");
  const apart = await methodsFor([
    compareSpec("y", "a", { family: { name: "raw", correction: "none" } }),
    relationSpec("y", "a"),
    customSpec("mine"),
  ]);
  assert.match(
    apart.paragraph,
    /Not corrected for multiplicity: the tests of "compare y across a", as declared, the single tests of "[^"]+" and "mine", the test over all levels/,
  );
});

test("the tests of a family are corrected whatever their kind", async () => {
  const family = { name: "all", correction: "bonferroni" } as const;
  const table = syntheticTable({
    factors: { a: [0, 1], b: [0, 1] },
    replicates: 8,
    metrics: { y: numberMetric() },
    value: ({ noise }) => noise,
    analyses: [
      compareSpec("y", "a", { family }),
      interactionSpec("y", ["a", "b"], { family }),
      effectSpec("y", "b", { family }),
      relationSpec("y", "a", { family }),
      { ...customSpec("mine"), family },
    ],
  });
  const analysis = await analyze(syntheticResults([table]), {
    customs: { [table.experiment.name]: { mine: { estimate: 1, pValue: 0.03 } } },
  });
  for (const finding of analysis.experiments[0]!.findings) {
    if (!("pAdjusted" in finding)) throw new Error(finding.kind);
    const raw =
      finding.kind === "custom"
        ? finding.p
        : finding.kind === "compare"
          ? finding.comparisons[0]!.test!.p
          : finding.kind === "effect"
            ? finding.overall!.p
            : "test" in finding
              ? finding.test!.p
              : null;
    const adjusted = finding.kind === "compare" ? finding.comparisons[0]!.pAdjusted : finding.pAdjusted;
    assert.ok(Math.abs(adjusted! - Math.min(1, 5 * raw!)) < 1e-12, finding.kind);
    assert.match(finding.family!, /over the 5 tests/);
  }
});

test.run();
