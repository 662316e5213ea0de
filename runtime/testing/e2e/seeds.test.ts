// Promise: `replicate.seed` is another number in every trial of an experiment, over spaces that were searched for conditions whose
// names alone give overlapping seeds.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Project, projectOf } from "./project.ts";

/** An experiment whose only metric is the seed that its trials are handed. */
function seedsOver(of: {
  readonly parameters: string;
  readonly replicates: string;
  readonly more?: string;
}): string {
  return `import { defineExperiment, metric, replicate, space, sweep } from "labwright";

export default defineExperiment({
  name: "seeds",
  parameters: ${of.parameters},
  replicates: ${of.replicates},
  metrics: { seed: metric.integer(), trained: metric.integer({ optional: true }) },
  primary: "seed",
  ${of.more ?? "trial: ({ parameters, replicate }) => ({ seed: replicate.seed + 0 * parameters.x, trained: null }),"}
});
`;
}

interface Row {
  readonly condition: number;
  readonly replicate: number;
  readonly seed: number;
  readonly trained: number | null;
}

function rowsOf(project: Project): readonly Row[] {
  const found = project.lab(
    "query",
    "--format",
    "json",
    "select condition, replicate, seed, trained from trials order by all",
  );
  assert.is(found.code, 0, found.all);
  return JSON.parse(found.stdout) as readonly Row[];
}

function run(project: Project, ...args: string[]): string {
  const ran = project.lab("run", "-j", "2", ...args);
  assert.is(ran.code, 0, ran.all);
  const verified = project.lab("verify", "--sample", "400");
  assert.is(verified.code, 0, verified.all);
  return ran.all;
}

const distinct = (values: readonly unknown[]): number => new Set(values).size;

// Found by search: the first words of these conditions' hashes lie closer together than there are replicates.
const colliding = "sweep([8821, 32133, 10862, 185089, 161773])";
const spaces: readonly (readonly [
  what: string,
  parameters: string,
  conditions: number,
  options: string[],
])[] = [
  ["a sweep", `{ x: ${colliding} }`, 5, []],
  ["a filtered space", `space.where({ x: ${colliding} }, (p) => p.x !== 185089)`, 4, []],
  ["a derived parameter", "space.derive({ x: sweep([8075, 138236]) }, { twice: (p) => 2 * p.x })", 2, []],
  ["levels of the command line", "{ x: sweep([1, 2]) }", 2, ["-S", "x=8821,32133"]],
];

for (const [what, parameters, conditions, options] of spaces) {
  test(`as many seeds as trials over ${what}`, () => {
    const project = projectOf({
      "seeds.experiment.ts": seedsOver({
        parameters,
        replicates: "replicate(300, { seed: 1 })",
        // A derived parameter that nobody reads is an error.
        ...(parameters.includes("twice") && {
          more: "trial: ({ parameters: p, replicate }) => ({ seed: replicate.seed + 0 * p.x * p.twice, trained: null }),",
        }),
      }),
    });
    try {
      run(project, ...options);
      const rows = rowsOf(project);
      assert.is(rows.length, 300 * conditions);
      assert.is(distinct(rows.map(({ seed }) => seed)), rows.length);
    } finally {
      project.remove();
    }
  });
}

test("as many seeds as units of a stage that sees some of the parameters", () => {
  const project = projectOf({
    "seeds.experiment.ts": seedsOver({
      parameters: `{ x: ${colliding}, y: sweep(["a", "b"]) }`,
      replicates: "replicate(300, { seed: 1 })",
      more: `stages: ({ stage }) => ({
    train: stage({ per: "replicate", uses: ["x"], run: ({ parameters, replicate }) => replicate.seed + 0 * parameters.x }),
  }),
  trial: ({ parameters, replicate, inputs }) => ({ seed: replicate.seed + 0 * parameters.y.length, trained: inputs.train }),`,
    }),
  });
  try {
    run(project);
    const rows = rowsOf(project);
    assert.is(rows.length, 3000);
    assert.is(distinct(rows.map(({ seed }) => seed)), 3000);
    assert.is(distinct(rows.map(({ trained }) => trained)), 1500);
  } finally {
    project.remove();
  }
});

test("under common random numbers a replicate's seed is the same in every condition", () => {
  const project = projectOf({
    "seeds.experiment.ts": seedsOver({
      parameters: `{ x: ${colliding} }`,
      replicates: 'replicate(300, { seed: 1, pairing: "common-random-numbers" })',
    }),
  });
  try {
    run(project);
    assert.is(distinct(rowsOf(project).map(({ seed }) => seed)), 300);
  } finally {
    project.remove();
  }
});

test("a design that grows until seeds would meet runs the moved condition's trials again, and only those", () => {
  const parameters = "{ x: sweep([8821, 32133, 5]) }";
  const project = projectOf({
    "seeds.experiment.ts": seedsOver({ parameters, replicates: "replicate(10, { seed: 1 })" }),
  });
  try {
    run(project);
    const before = rowsOf(project);
    project.write("seeds.experiment.ts", seedsOver({ parameters, replicates: "replicate(60, { seed: 1 })" }));
    assert.match(run(project), /160 run, 20 reused/);
    const rows = rowsOf(project);
    assert.is(distinct(rows.map(({ seed }) => seed)), 180);
    const kept = before.filter((row) => rows.some((each) => each.seed === row.seed));
    assert.is(distinct(kept.filter(({ condition }) => condition !== 1).map(({ seed }) => seed)), 20);
  } finally {
    project.remove();
  }
});

test.run();
