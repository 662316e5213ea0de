// Promise: what is registered before the data is never rewritten, and every report says what departs from it; without a registration the
// records themselves say what was declared when the first trial was recorded.
import { readdirSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Project, projectOf } from "./project.ts";

const source = `import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "dose",
  question: "Does a dose help?",
  parameters: { dose: sweep([0, 1]) },
  replicates: replicate(20, { seed: 3 }),
  metrics: { health: metric.number(), pulse: metric.number() },
  primary: "health",
  trial: ({ parameters, random }) => ({ health: parameters.dose + random.normal(), pulse: random.normal() }),
  analyses: ({ compare, expect }) => [
    compare("health", { across: "dose", baseline: 0 }),
    expect("health").toBeAbove(-1),
  ],
});
`;

interface Reported {
  readonly registration: {
    readonly hash: string;
    readonly isBeforeData: boolean;
    readonly confirmatory: readonly string[];
    readonly exploratory: readonly string[];
    readonly deviations: readonly string[];
  } | null;
  readonly declaration: { readonly sentence: string; readonly departures: readonly string[] } | null;
  readonly findings: readonly { readonly title: string; readonly isConfirmatory: boolean }[];
}

function reported(project: Project): Reported {
  const report = project.lab("report", "--format", "json,html", "--output-dir", "out", "--quiet");
  assert.is(report.code, 0, report.all);
  return JSON.parse(project.read("out/report.json")).experiments[0];
}

function withProject(use: (project: Project) => void): void {
  const project = projectOf({ "dose.experiment.ts": source });
  try {
    use(project);
  } finally {
    project.remove();
  }
}

test("registered, run, changed: the report separates what was planned from what was not", () => {
  withProject((project) => {
    const built = project.lab("build", "--register", "--json");
    assert.is(built.code, 0, built.all);
    const [made] = JSON.parse(built.stdout).registrations;
    const file = project.read(made.file);
    assert.is(project.lab("run", "--quiet").code, 0);
    const faithful = reported(project);
    assert.equal(faithful.registration?.deviations, []);
    assert.is(faithful.registration?.hash, made.hash);
    assert.ok(faithful.findings.every(({ isConfirmatory }) => isConfirmatory));

    const changed = source
      .replace("Does a dose help?", "Does a dose hurt?")
      .replace("toBeAbove(-1)", "toBeAbove(-2)")
      .replace(
        "baseline: 0 }),",
        'baseline: 0, confidence: 0.9 }),\n    compare("pulse", { across: "dose" }),',
      )
      .replace("sweep([0, 1])", "sweep([0, 1, 2])");
    project.write("dose.experiment.ts", changed);
    const ran = project.lab("run", "--quiet");
    assert.is(ran.code, 0, ran.all);
    const { registration, findings } = reported(project);
    assert.equal(registration?.deviations, [
      "The question was changed.",
      'The analysis "compare pulse across dose" was added; it is exploratory.',
      'The analysis "expect health above -2" was added; it is exploratory.',
      'The analysis "compare health across dose" was changed; it is exploratory.',
      'The analysis "expect health above -1" was registered and is not reported.',
      "The design was changed: levels of parameter dose: new 2.",
    ]);
    assert.ok(findings.length >= 3 && findings.every(({ isConfirmatory }) => !isConfirmatory));
    const page = project.read("out/report.html");
    assert.match(page, made.hash);
    assert.match(page, "was registered and is not reported");

    // Registered again, now that data are there: that does not count, and nothing written before is touched.
    const again = project.lab("build", "--register");
    assert.is(again.code, 0, again.all);
    project.write("dose.experiment.ts", `${changed}\n// the same`);
    assert.is(project.lab("run", "--name", "later", "--quiet").code, 0);
    const later = reported(project).registration;
    assert.is(later?.hash, made.hash);
    assert.match(later?.deviations.at(-1) ?? "", "that registration does not count");
    assert.is(project.read(made.file), file);
    assert.is(readdirSync(project.path(".lab/registrations")).length, 2);
  });
});

test("registering the same thing twice writes one file, with one hash", () => {
  withProject((project) => {
    const [first, second] = [1, 2].map(
      () => JSON.parse(project.lab("build", "--register", "--json").stdout).registrations[0],
    );
    assert.is(first.isNew, true);
    assert.is(second.isNew, false);
    assert.is(second.hash, first.hash);
    assert.is(second.at, first.at);
    assert.is(readdirSync(project.path(".lab/registrations")).length, 1);
  });
});

test("what is registered after the data confirms nothing", () => {
  withProject((project) => {
    assert.is(project.lab("run", "--quiet").code, 0);
    assert.is(reported(project).registration, null);
    assert.is(project.lab("build", "--register", "--quiet").code, 0);
    assert.is(project.lab("run", "--name", "after", "--quiet").code, 0);
    const { registration, findings } = reported(project);
    assert.is(registration?.isBeforeData, false);
    assert.equal(registration?.confirmatory, []);
    assert.ok(findings.every(({ isConfirmatory }) => !isConfirmatory));
  });
});

test("a registration that was tampered with is refused in words", () => {
  withProject((project) => {
    const [made] = JSON.parse(project.lab("build", "--register", "--json").stdout).registrations;
    assert.is(project.lab("run", "--quiet").code, 0);
    project.write(made.file, project.read(made.file).replace("Does a dose help?", "Does a dose cure?"));
    const report = project.lab("report");
    assert.is(report.code, 2, report.all);
    assert.match(report.stderr, "does not have the hash that it names");
  });
});

test("without a registration the records prove what was declared before the data, and what came later is exploratory by itself", () => {
  withProject((project) => {
    const declared = () => {
      const { declaration, findings } = reported(project);
      return { declaration, isConfirmatory: findings.map(({ isConfirmatory }) => isConfirmatory) };
    };
    assert.is(project.lab("run", "--quiet").code, 0);
    const faithful = declared();
    assert.match(
      faithful.declaration!.sentence,
      /^All 2 analyses were fixed before the data: they stood in the plan under which the first trial was recorded \(\d{4}-\d\d-\d\d, SHA-256 [0-9a-f]{12}\)\.$/,
    );
    assert.equal(faithful.declaration!.departures, []);
    assert.equal(faithful.isConfirmatory, [true, true]);
    assert.match(project.read("out/report.html"), /were fixed before the data/);

    // Another side and another test for the same question, over trials that are all there already.
    project.write(
      "dose.experiment.ts",
      source.replace("baseline: 0 }", 'baseline: 0, alternative: "greater", tests: "classical" }'),
    );
    const again = project.lab("run");
    assert.is(again.code, 0, again.all);
    const changed = declared();
    assert.match(changed.declaration!.sentence, /^1 of 2 analyses was fixed before the data/);
    assert.equal(changed.declaration!.departures, [
      'The analysis "compare health across dose" was changed after the first trial had been recorded; it is exploratory.',
    ]);
    assert.equal(changed.isConfirmatory, [false, true]);
    assert.match(project.read("out/report.html"), /was changed after the first trial had been recorded/);

    // Put back as it was, it is what was declared.
    project.write("dose.experiment.ts", source);
    assert.is(project.lab("run", "--quiet", "--name", "back").code, 0);
    assert.equal(declared().isConfirmatory, [true, true]);
  });
});

test.run();
