// What a build says of wrong definitions: every mistake once, in one sentence, without a name from inside labwright's types.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { compile } from "./compile.ts";
import { temporaryProject } from "./testing/temporary-project.ts";
import { sourceOf, wrongDefinitions } from "./testing/wrong-definitions.ts";

const names = Object.keys(wrongDefinitions);
/** What the trials of the corpus leave out for brevity. */
const besides = ["unread-parameter", "unrecorded-series"];
const leaks =
  /NoInfer|InputsOf|(Trial|Stage|Record)Context|TrialReturn|StageDoor|AnalysisDoor|\bDoor<|Declared\w+|ExperimentOptions|\bNone\b/;
const longest = 240;

let told: readonly Diagnostic[] = [];
test("a corpus of wrong definitions is told in one build", async () => {
  const files = names.map((name) => [`${name}.experiment.ts`, sourceOf(name, wrongDefinitions[name]!)]);
  const project = temporaryProject(Object.fromEntries(files));
  try {
    const built = await compile({ root: project.root, paths: [] });
    assert.not(built.ok);
    told = built.ok ? [] : built.error;
  } finally {
    project.remove();
  }
});

for (const name of names) {
  test(`${name}: said once, and nothing else`, () => {
    const own = told.filter(
      ({ place, code }) => place?.file === `${name}.experiment.ts` && !besides.includes(code),
    );
    assert.equal(
      own.map(({ code, message }) => `${code}: ${message}`),
      wrongDefinitions[name]?.expected,
    );
    assert.ok(own.length > 0);
  });
}

test("no diagnostic shows a type of labwright's insides or runs on", () => {
  for (const { message, hint, place } of told) {
    assert.not.match(`${message} ${hint ?? ""}`, leaks, place?.file);
    assert.ok(message.length <= longest, message);
  }
});

test("stages below the trial are told to move above it", () => {
  for (const name of ["stages-below-trial", "stages-below-trial-destructured"]) {
    const hints = told.flatMap(({ place, hint }) => (place?.file === `${name}.experiment.ts` ? [hint] : []));
    const isTold = (hint: string | null): boolean =>
      hint?.includes("`stages` stands below `trial`: move it above") === true;
    assert.ok(hints.some(isTold), name);
  }
});

test("no expected text of a diagnostic shows a type of labwright's insides", () => {
  const folder = fileURLToPath(new URL("errors", import.meta.url));
  for (const code of readdirSync(folder))
    assert.not.match(readFileSync(`${folder}/${code}/expected.txt`, "utf8"), leaks, code);
});

test.run();
