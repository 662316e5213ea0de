// Every case of a reference file against this package: `tsx lib/stats/reference.test.ts [FILE...]`, or LABWRIGHT_REFERENCE.
// The default files hold answers of R 4.2, SciPy 1.10, statsmodels 0.13, rliable and exact rational arithmetic.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ReferenceCase, ReferenceFile } from "./testing/reference-case.ts";
import { countMethods } from "./testing/reference-counts.ts";
import { groupMethods } from "./testing/reference-groups.ts";
import { judge, type ReferenceOutcome } from "./testing/reference-judge.ts";
import { monteCarloMethods } from "./testing/reference-monte-carlo.ts";
import { otherMethods } from "./testing/reference-other.ts";
import { regressionMethods } from "./testing/reference-regression.ts";
import { sampleMethods } from "./testing/reference-samples.ts";
import { simultaneousMethods } from "./testing/reference-simultaneous.ts";
import { survivalMethods } from "./testing/reference-survival.ts";

// Sensitivity indices are a statistic of a sampling plan and are tested where the plans are made.
const elsewhere = ["sobol_indices", "sobol_analytic", "morris"];
// Metamodels of noisy means are not part of the package yet.
const without = ["stochastic_kriging", "stochastic_kriging_ml"];
const methods = {
  ...sampleMethods,
  ...groupMethods,
  ...otherMethods,
  ...survivalMethods,
  ...countMethods,
  ...regressionMethods,
  ...simultaneousMethods,
  ...monteCarloMethods,
};
// The runner of all tests hands over the name of this file, which is no reference.
const given = process.argv.slice(2).filter((path) => !path.endsWith(".test.ts"));
const paths =
  given.length > 0
    ? given
    : process.env.LABWRIGHT_REFERENCE !== undefined
      ? [process.env.LABWRIGHT_REFERENCE]
      : ["stats", "survival", "counts", "regression", "simultaneous", "monte-carlo-error"].map((name) =>
          fileURLToPath(new URL(`./reference/${name}.json`, import.meta.url)),
        );

const byMethod = new Map<string, { readonly file: ReferenceFile; readonly reference: ReferenceCase }[]>();
for (const path of paths) {
  const file = JSON.parse(readFileSync(path, "utf8")) as ReferenceFile;
  for (const reference of file.cases) {
    if (elsewhere.includes(reference.method) || without.includes(reference.method)) continue;
    const cases = byMethod.get(reference.method) ?? [];
    cases.push({ file, reference });
    byMethod.set(reference.method, cases);
  }
}

const table: string[] = [];
test("every method of the reference file is implemented", () => {
  const missing = [...byMethod.keys()].filter((method) => !(method in methods));
  assert.equal(missing, []);
});

for (const [method, cases] of [...byMethod].sort(([a], [b]) => a.localeCompare(b)))
  test(`${method} agrees with its reference`, async () => {
    const answer = methods[method];
    if (answer === undefined) throw new Error(`the method ${method} is not implemented`);
    const counts: Record<ReferenceOutcome, number> = {
      passed: 0,
      refused: 0,
      degenerate: 0,
      "x-only": 0,
      failed: 0,
    };
    const problems: string[] = [];
    for (const { file, reference } of cases) {
      const judgement = await judge(file, reference, answer);
      counts[judgement.outcome] += 1;
      for (const problem of judgement.problems)
        problems.push(
          `${reference.id} ${reference.data ?? ""} ${JSON.stringify(reference.params)} ${problem}`,
        );
    }
    table.push(
      `${method.padEnd(34)}${[counts.passed, counts.refused, counts.degenerate, counts["x-only"], counts.failed].map((n) => String(n).padStart(11)).join("")}`,
    );
    if (problems.length > 0)
      assert.unreachable(
        `${counts.failed} of ${cases.length} cases differ\n${problems.slice(0, 20).join("\n")}`,
      );
  });

test.after(() => {
  console.log(
    `\n${"method".padEnd(34)}${["passed", "refused", "degenerate", "x-only", "failed"].map((name) => name.padStart(11)).join("")}`,
  );
  for (const line of table) console.log(line);
});

test.run();
