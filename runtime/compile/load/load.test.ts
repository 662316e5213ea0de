// Whatever an author's code does while it is loaded (hang, exit, abort, fill the heap, throw) is one diagnostic that names the experiment
// and the part at its line, and the experiments of other files are loaded all the same.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openStaging } from "../build/build-folder.ts";
import { bundle } from "../check/bundle.ts";
import { temporaryProject } from "../testing/temporary-project.ts";
import { checkDefinitions } from "./check-definitions.ts";
import { load } from "./load.ts";

const sound = `import { defineExperiment, metric, replicate, space, sweep } from "labwright";
export default defineExperiment({
  name: "sound",
  parameters: { x: sweep([1, 2]) },
  replicates: replicate(1, { seed: 1 }),
  metrics: { y: metric.number() },
  trial: ({ parameters }) => ({ y: parameters.x }),
});
`;

/** Each part with a function of the author's whose body is BODY, and the line at which a fault of it is told. */
const parts: Readonly<Record<string, readonly [written: string, replacement: string, line: number]>> = {
  where: ["{ x: sweep([1, 2]) }", "space.where({ x: sweep([1, 2]) }, (p) => { BODY; return true; })", 4],
  'derived value "z"': [
    "{ x: sweep([1, 2]) }",
    "space.derive(space.where({ x: sweep([1, 2]) }, (p) => p.x > 1), { a: () => 0, z: (p) => { BODY; return 1; } })",
    4,
  ],
  analyses: ["trial:", "analyses: () => { BODY; return []; },\n  trial:", 2],
  stages: ["trial:", "stages: () => { BODY; return {}; },\n  trial:", 2],
};

/** What such a function does, and what is said of it. */
const faults: Readonly<
  Record<string, readonly [body: string, said: (what: string, part: string) => string]>
> = {
  hang: ["for (;;) {}", (what) => `load-hung: ${what} had not come to an end after 3 s.`],
  exit: ["process.exit(0)", (what) => `load-ended: ${what} ended the process: it exited with code 0.`],
  abort: ["process.abort()", (what) => `load-ended: ${what} ended the process: killed by SIGABRT.`],
  memory: [
    "const all = []; for (;;) all.push(new Array(1000).fill(all.length))",
    (what) => `load-ended: ${what} ended the process: it needed more than 64 MB.`,
  ],
  throw: [
    'throw new Error("gone")',
    (what, part) =>
      part === "analyses" || part === "stages"
        ? `callback-threw: ${what} threw while the definition was built: gone.`
        : `condition-threw: ${what} threw at ${part === "where" ? "x=1" : "x=2, a=0"}: gone`,
  ],
};

/** Where something hangs, the loader waits so long; elsewhere it never comes to that. */
const hangMs = 3000;
const patientMs = 120_000;

async function loadedOf(files: Readonly<Record<string, string>>, silenceMs = patientMs) {
  const project = temporaryProject(files);
  try {
    const { root } = project;
    const names = Object.keys(files);
    const folder = openStaging(root);
    const bundled = await bundle({ root, files: names, folder });
    assert.ok(bundled.ok);
    const bundles = names.map((file) => ({ file, bundle: bundled.value.fileOf.get(file) ?? "" }));
    const limits = { silenceMs, heapMb: 64 };
    const { experiments, diagnostics, placeOf } = await load({
      root,
      folder,
      bundles,
      overrides: {},
      spaces: "spaces",
      ...limits,
    });
    const placed = experiments.map((experiment) => ({
      experiment,
      place: placeOf(experiment.site),
      written: null,
    }));
    return { experiments, diagnostics: [...diagnostics, ...checkDefinitions(placed, placeOf)] };
  } finally {
    project.remove();
  }
}

for (const [fault, [body, said]] of Object.entries(faults)) {
  test(`${fault} in any part of a definition is one diagnostic that names the part at its line; what is beside it is loaded`, async () => {
    const cases = Object.entries(parts).map(([part, [written, replacement, line]], index) => ({
      file: `${index}.experiment.ts`,
      source: sound.replace('"sound"', `"e${index}"`).replace(written, replacement).replace("BODY", body),
      told: `${index}.experiment.ts:${line} ${said(`The ${part} of "e${index}"`, part)}`,
    }));
    const sources = cases.map(({ file, source }): [string, string] => [file, source]);
    const { experiments, diagnostics } = await loadedOf(
      { ...Object.fromEntries(sources), "sound.experiment.ts": sound },
      fault === "hang" ? hangMs : patientMs,
    );
    assert.equal(
      diagnostics
        .map(({ code, message, place }) => `${place?.file}:${place?.line} ${code}: ${message}`)
        .sort(),
      cases.map(({ told }) => told),
    );
    assert.ok(experiments.some(({ name, problems }) => name === "sound" && problems.length === 0));
  });
}

test("a module that never ends is named", async () => {
  const { experiments, diagnostics } = await loadedOf(
    { "a.experiment.ts": `${sound}for (;;) {}\n`, "c.experiment.ts": sound },
    hangMs,
  );
  assert.equal(
    diagnostics.map(({ code, message }) => `${code}: ${message}`),
    ["load-hung: Loading a.experiment.ts had not come to an end after 3 s."],
  );
  assert.equal(
    experiments.map(({ file }) => file),
    ["c.experiment.ts"],
  );
});

test("an experiment that others need is told once, at its own line", async () => {
  const { diagnostics } = await loadedOf({
    "a.experiment.ts": sound
      .replace('from "labwright";', 'from "labwright";\nimport source from "./z.experiment.ts";')
      .replace('"sound"', '"a"')
      .replace("metrics:", "needs: { source },\n  metrics:"),
    "z.experiment.ts": sound.replace("trial:", "analyses: () => process.exit(7),\n  trial:"),
  });
  assert.equal(
    diagnostics.map(({ message, place }) => `${place?.file}:${place?.line} ${message}`),
    ['z.experiment.ts:2 The analyses of "sound" ended the process: it exited with code 7.'],
  );
});

test.run();
