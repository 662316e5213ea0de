// Promise: only what an edit can change runs again, and `lab plan` names the change.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Project, projectOf } from "./project.ts";
import { relay, spin, walk } from "./sample-experiments.ts";

interface PlanLine {
  readonly experiment: string;
  readonly stage: string;
  readonly wanted: number;
  readonly fresh: number;
  readonly reused: number;
  readonly changes: readonly string[];
}

function planOf(project: Project): readonly PlanLine[] {
  const plan = project.lab("plan", "--json");
  assert.is(plan.code, 0, plan.all);
  return (JSON.parse(plan.stdout) as { jobs: readonly PlanLine[] }).jobs;
}

function freshOf(project: Project, stage = "trial"): number {
  return planOf(project).find((line) => line.stage === stage)!.fresh;
}

test("comments, analyses and new levels re-run nothing that stands; an edited trial runs again", () => {
  const project = projectOf({ "walk.experiment.ts": walk });
  try {
    assert.is(project.lab("run", "--quiet").code, 0);
    assert.is(freshOf(project), 0);

    project.write("walk.experiment.ts", `// a comment\n${walk.replaceAll("start", "origin")}`);
    assert.is(freshOf(project), 0, "a comment and the name of a local change nothing");

    project.write(
      "walk.experiment.ts",
      walk.replace("How far", "How very far").replace("baseline: 0", "baseline: 0.2"),
    );
    assert.is(freshOf(project), 0, "the question and an analysis change nothing");

    project.write("walk.experiment.ts", walk.replace("sweep([0, 0.2])", "sweep([0, 0.1, 0.2])"));
    assert.is(freshOf(project), 10, "a new level runs only its own trials");
    assert.is(project.lab("run", "--quiet").code, 0);
    assert.is(freshOf(project), 0);

    project.write("walk.experiment.ts", walk.replace("replicate(5", "replicate(7"));
    assert.is(freshOf(project), 8, "more replicates run only the new ones");

    project.write("walk.experiment.ts", walk.replace("? 1 : -1", "? 2 : -1"));
    const [line] = planOf(project);
    assert.is(line!.fresh, 20, "an edited trial runs again");
    assert.match(
      project.lab("plan").stdout,
      /to run; .* \(from \d+ measured units\)/,
      "as long as before, it is guessed",
    );
    assert.ok(
      line!.changes.some((change) => change.includes("trial")),
      JSON.stringify(line),
    );
  } finally {
    project.remove();
  }
});

test("editing a helper names it; editing the trial leaves the stage before it alone", () => {
  const project = projectOf({
    "relay.experiment.ts": relay.replace("replicate(6", "replicate(1"),
    "spin.ts": spin,
  });
  try {
    const first = project.lab("run");
    assert.is(first.code, 0, first.all);
    assert.match(first.stderr, /: 4 trials and \d+ stage units? of relay;/);
    project.write(
      "relay.experiment.ts",
      relay.replace("replicate(6", "replicate(1").replace("total += time +", "total += time * 2 +"),
    );
    assert.is(freshOf(project, "prepare"), 0);
    assert.is(freshOf(project, "trial"), 4);

    project.write("relay.experiment.ts", relay.replace("replicate(6", "replicate(1"));
    assert.is(freshOf(project, "trial"), 0, "going back finds the old results again");
    project.write("spin.ts", spin.replace("3.9", "3.8"));
    const trial = planOf(project).find((line) => line.stage === "trial")!;
    assert.is(trial.fresh, 4);
    assert.ok(
      trial.changes.some((change) => change.includes("spin")),
      JSON.stringify(trial.changes),
    );
    const accepted = project.lab("run", "--accept", "--yes", "--quiet");
    assert.is(accepted.code, 0, accepted.all);
    assert.is(freshOf(project, "trial"), 0, "accepted results count as current");
  } finally {
    project.remove();
  }
});

test("a changed rule of a derived parameter runs the conditions whose value it changes", () => {
  const derived = (
    rule: string,
  ): string => `import { defineExperiment, metric, space, sweep } from "labwright";
export default defineExperiment({
  name: "widths",
  parameters: space.derive({ size: sweep([0, 1, 2]) }, { width: (p) => ${rule} }),
  metrics: { seen: metric.number() },
  trial: ({ parameters }) => ({ seen: parameters.width }),
});
`;
  const project = projectOf({ "widths.experiment.ts": derived("p.size * 2") });
  try {
    assert.is(project.lab("run", "--quiet").code, 0);
    project.write("widths.experiment.ts", derived("p.size + p.size"));
    assert.is(freshOf(project), 0, "another rule with the same values");
    project.write("widths.experiment.ts", derived("p.size * 3"));
    assert.is(freshOf(project), 2, "0 * 3 is 0 * 2; the others have another width");
    assert.is(project.lab("run", "--quiet").code, 0);
    const rows = JSON.parse(project.lab("export", "json").stdout) as { width: number; seen: number }[];
    assert.equal(
      rows.map(({ width, seen }) => [width, seen]),
      [
        [0, 0],
        [3, 3],
        [6, 6],
      ],
    );
  } finally {
    project.remove();
  }
});

test("after going back to an earlier design the latest run is of that design", () => {
  const project = projectOf({ "walk.experiment.ts": walk });
  const lengths = (): number => JSON.parse(project.lab("export", "json").stdout).length as number;
  try {
    assert.is(project.lab("run", "--quiet").code, 0);
    project.write("walk.experiment.ts", walk.replace("sweep([0, 0.2])", "sweep([0, 0.1, 0.2])"));
    assert.is(project.lab("run", "--quiet").code, 0);
    assert.is(lengths(), 30);
    project.write("walk.experiment.ts", walk);
    const back = project.lab("run");
    assert.match(back.all, /0 run, 20 reused/);
    assert.is(lengths(), 20, "what is exported is what was asked for last");
    const unknown = project.lab("run", "--filter", "replicate=9");
    assert.is(unknown.code, 2, unknown.all);
    assert.match(unknown.stderr, /9 is not a level of replicate\n {2}Its levels are 0, 1, 2, 3, 4[.]/);
  } finally {
    project.remove();
  }
});

test.run();
