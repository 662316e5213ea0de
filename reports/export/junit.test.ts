import { test } from "uvu";
import * as assert from "uvu/assert";
import { analyze } from "../analysis/analyze.ts";
import { gateSpec } from "../testing/specs.ts";
import { patienceTable, syntheticResults } from "../testing/synthetic-results.ts";
import { checksOf, junitOf } from "./junit.ts";

test("a gate that fails or is undecided is a failure with its evidence; one that passes is not", async () => {
  const table = patienceTable({
    name: `a "b" <c>`,
    analyses: [
      gateSpec("profitGain", { kind: "above", bound: 0.2 }, { name: "high", where: { discount: 0.95 } }),
      gateSpec(
        "profitGain",
        { kind: "below", bound: 0.2 },
        { name: "low & slow", where: { discount: 0.95 } },
      ),
    ],
  });
  const analysis = await analyze(syntheticResults([table]));
  assert.equal(
    checksOf(analysis).map(({ verdict }) => verdict),
    ["passed", "failed"],
  );
  const xml = junitOf(analysis);
  assert.match(xml, /<testsuite name="a &quot;b&quot; &lt;c&gt;" tests="2" failures="1">/);
  assert.match(xml, /name="high"\/>/);
  assert.match(
    xml,
    /name="low &amp; slow">\s*<failure type="failed" message="Gate failed: profitGain below 0\.2; /,
  );
});

test("without gates the document is valid and empty", async () => {
  const analysis = await analyze(syntheticResults([patienceTable({ replicates: 2 })]));
  assert.is(junitOf(analysis), `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n</testsuites>\n`);
});

test.run();
