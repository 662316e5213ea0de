// A build that is not what it was made as is never an answer: any changed byte, any missing file is seen, and the build is made again.
import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Plan } from "../../plan/plan.ts";
import { buildFault } from "../../store/build-files.ts";
import { openPlan } from "../../store/open-plan.ts";
import { compile } from "../compile.ts";
import { temporaryProject } from "../testing/temporary-project.ts";

const project = temporaryProject({
  "a.experiment.ts": `import { defineExperiment, metric, replicate, sweep } from "labwright";
export default defineExperiment({
  name: "a",
  parameters: { x: sweep([1, 2]) },
  replicates: replicate(2, { seed: 1 }),
  metrics: { score: metric.number() },
  trial: ({ parameters }) => ({ score: parameters.x }),
});
`,
});
test.after(() => project.remove());

async function built() {
  const result = await compile({ root: project.root });
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const { folder, plan } = await built();
const intact = new Map<string, Uint8Array>(
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(path.join(folder, name)).isFile())
    .map((name) => [name, readFileSync(path.join(folder, name))]),
);
const restore = (): void => {
  for (const [name, content] of intact) writeFileSync(path.join(folder, name), content);
};
/** What the build's plan says and whether its files fit; null when it cannot even be read. */
function faultNow(): string | null {
  let found: Plan;
  try {
    found = JSON.parse(readFileSync(path.join(folder, "plan.json"), "utf8")) as Plan;
  } catch {
    return "unreadable";
  }
  return buildFault(folder, found);
}

test("no flipped byte of a bundle, a slice, the plan or the list of files goes unseen", () => {
  const names = [...intact.keys()].filter((name) => name !== "build.json");
  assert.is(faultNow(), null);
  fc.assert(
    fc.property(
      fc.constantFrom(...names).chain((name) =>
        fc.record({
          name: fc.constant(name),
          at: fc.nat({ max: intact.get(name)!.length - 1 }),
          bit: fc.nat({ max: 7 }),
        }),
      ),
      ({ name, at, bit }) => {
        const content = Uint8Array.from(intact.get(name)!);
        content[at]! ^= 1 << bit;
        writeFileSync(path.join(folder, name), content);
        const fault = faultNow();
        restore();
        // A flip inside white space of JSON would change nothing; the store writes none.
        assert.ok(fault !== null, `${name} at ${at}`);
      },
    ),
    { numRuns: 300 },
  );
});

test("an edited bundle, a halved one, a missing one and an edited plan are built again, the same", async () => {
  const bundle = path.join(folder, "bundles/a.experiment.mjs");
  const spoils: readonly (() => void)[] = [
    () => writeFileSync(bundle, readFileSync(bundle, "utf8").replace("parameters.x", "parameters.x * 2")),
    () => truncateSync(bundle, 100),
    () => rmSync(bundle),
    () =>
      writeFileSync(
        path.join(folder, "plan.json"),
        readFileSync(path.join(folder, "plan.json"), "utf8").replace('"seed":1', '"seed":2'),
      ),
    () => rmSync(path.join(folder, "files.json")),
  ];
  for (const spoil of spoils) {
    spoil();
    assert.ok(faultNow() !== null);
    const again = await built();
    assert.is(again.reused, false);
    assert.equal(again.plan, plan);
    assert.is(faultNow(), null);
    assert.is((await built()).reused, true);
  }
});

test("levels of the command line lie in files named by their content, and a changed one is refused", async () => {
  project.write(
    "b.experiment.ts",
    `import { defineExperiment, metric, space, sweep } from "labwright";
export default defineExperiment({
  name: "b",
  parameters: space.derive({ x: sweep([1, 2]) }, { twice: (p) => 2 * p.x }),
  metrics: { score: metric.number() },
  trial: ({ parameters }) => ({ score: parameters.twice * parameters.x }),
});
`,
  );
  const result = await compile({ root: project.root, paths: ["b.experiment.ts"], overrides: { x: [5, 6] } });
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  const { derived } = result.value.plan.experiments[0]!;
  assert.match(derived!, /[.][0-9a-f]{16}[.]derived[.]json$/);
  assert.is(openPlan(result.value.plan, result.value.folder).experiments.length, 1);
  writeFileSync(path.join(result.value.folder, derived!), '[{"twice":10},{"twice":11}]');
  assert.throws(() => openPlan(result.value.plan, result.value.folder), /was changed after it was built/);
});

test.run();
