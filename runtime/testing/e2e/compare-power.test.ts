// Promise: `lab compare` holds two versions of the code against each other, trial by trial, and says what changed; `lab power` says
// how many replicates an effect needs.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Project, projectOf } from "./project.ts";

const source = `import { defineExperiment, metric, replicate, sweep } from "labwright";
import { score } from "./score.ts";

export default defineExperiment({
  name: "tuning",
  parameters: { rate: sweep([1, 2, 3]), noise: 0.5 },
  replicates: replicate(12, { seed: 9, pairing: "common-random-numbers" }),
  metrics: { score: metric.number({ unit: "points" }), steps: metric.integer(), won: metric.boolean(), falls: metric.count() },
  primary: "score",
  trial: ({ parameters, random }) => ({ score: score(parameters.rate, parameters.noise * random.normal()), steps: 7, won: random.boolean(0.3), falls: random.integer(0, 3) }),
  analyses: ({ compare, equivalent }) => [
    compare("score", { across: "rate", baseline: 1 }),
    compare("won", { across: "rate", baseline: 1, correction: "none" }),
    equivalent("steps", { across: "rate", baseline: 1, margin: 1, correction: "none" }),
  ],
});
`;
const files = {
  "tuning.experiment.ts": source,
  "score.ts": "export const score = (rate: number, noise: number): number => rate + noise;\n",
};

function withProject(use: (project: Project) => void): void {
  const project = projectOf(files);
  try {
    const run = project.lab("run", "--quiet", "--name", "first");
    assert.is(run.code, 0, run.all);
    use(project);
  } finally {
    project.remove();
  }
}

test("two versions of the code: the shift comes out to the digit, and the changed function is named", () => {
  withProject((project) => {
    project.write(
      "score.ts",
      "export const score = (rate: number, noise: number): number => rate + noise + (rate === 2 ? 0.25 + noise / 10 : 0);\n",
    );
    project.write("tuning.experiment.ts", source.replace("sweep([1, 2, 3])", "sweep([1, 2, 3, 4])"));
    assert.is(project.lab("run", "--quiet", "--name", "second").code, 0);
    const compared = project.lab("compare", "first", "second", "--json", "--output-dir", "out");
    assert.is(compared.code, 0, compared.all);
    const { comparisons, changes } = JSON.parse(compared.stdout);
    assert.equal(changes.tuning, ["score in score.ts changed", "levels of parameter rate: new 4"]);
    const [{ metrics, pairing, onlyAfter }] = comparisons;
    assert.is(pairing, "paired");
    assert.equal(onlyAfter, ["rate = 4"]);
    const [scores, steps] = metrics;
    const [one, two, three] = scores.cells;
    for (const cell of [one, three, ...steps.cells])
      assert.equal([cell.n, cell.same, cell.note], [12, 12, "the same in every trial"]);
    assert.equal([two.n, two.same], [12, 0]);
    assert.ok(Math.abs(two.difference.value - (two.after - two.before)) < 1e-12);
    assert.ok(two.difference.low < two.difference.value && two.difference.value < two.difference.high);
    assert.ok(two.difference.low > 0, "the shift is found");
    const page = project.read("out/compare.html");
    assert.match(page, "score in score.ts changed");
    assert.match(page, "the same in every trial");
    const table = project.lab("compare", "first", "second");
    assert.match(table.stdout, /rate = 2 +12 +0/);
  });
});

test("what cannot be compared is said in words", () => {
  withProject((project) => {
    const same = project.lab("compare", "first", "latest");
    assert.is(same.code, 2, same.all);
    assert.match(same.stderr, "both are run");
    const unknown = project.lab("compare", "first", "secnd");
    assert.is(unknown.code, 2, unknown.all);
    assert.match(unknown.stderr, "there is no run");
  });
});

test("replicates for an effect: assumed, from a pilot, as table, JSON, drawing and page", () => {
  withProject((project) => {
    const assumed = project.lab("power", "--sd", "0.5", "--effect", "0.25", "--json");
    assert.is(assumed.code, 0, assumed.all);
    const plan = JSON.parse(assumed.stdout);
    assert.equal(
      [plan.assumption.design, plan.effects[0].replicates, plan.declared.replicates],
      // G*Power 3.1 and SciPy's noncentral t: 34 pairs for d = 0.5 at 0.05; two comparisons are judged together by
      // Dunnett's critical value (2.2121, an error of 0.02696 each), for which the noncentral t gives 40.
      ["paired", 40, 12],
    );
    assert.match(project.lab("power", "--sd", "0.5", "--effect", "0.25,0.5").stdout, /0\.25 +0\.50 +40/);
    const shares = project.lab(
      "power",
      "--metric",
      "won",
      "--from",
      "0.2",
      "--to",
      "0.4",
      "--correlation",
      "0.3",
    );
    assert.match(shares.stdout, /McNemar mid-p test, two-sided at 0\.05/, shares.all);
    assert.match(
      project.lab("power", "--metric", "falls", "--from", "2", "--to", "3").stdout,
      /sign-flip test/,
    );
    const alike = project.lab("power", "--metric", "steps", "--sd", "1");
    assert.match(alike.stdout, /of equivalence within 1, two one-sided tests at 0\.05/, alike.all);
    project.write(
      "score.ts",
      "export const score = (rate: number, noise: number): number => rate * (1 + noise);\n",
    );
    assert.is(project.lab("run", "--quiet").code, 0);
    for (const file of ["power.svg", "power.html"]) {
      const drawn = project.lab("power", "--pilot", "latest", "--effect", "0.4", "-o", file);
      assert.is(drawn.code, 0, drawn.all);
      assert.match(drawn.stdout, /3 rather than 1 +12 /);
      assert.match(project.read(file), /<svg[\s\S]*<\/svg>/);
    }
    for (const [wrong, hint] of [
      [["--metric", "scor"], "score"],
      [["--pilot", "latest", "--factor", "rat"], "rate"],
      [["--effect", "zero"], "0.1"],
      [["--metric", "won"], "--from 0.2 --to 0.4"],
      [["--metric", "won", "--sd", "0.4"], "--from"],
      [["--metric", "won", "--from", "0.5", "--effect", "0.7"], "no share lies 0.7 away"],
      [["--from", "0.2"], "--sd"],
      [["-o", "power.pdf"], ".svg"],
    ] as const) {
      const refused = project.lab("power", ...wrong);
      assert.is(refused.code, 2, refused.all);
      assert.match(refused.stderr, hint);
    }
  });
});

test.run();
