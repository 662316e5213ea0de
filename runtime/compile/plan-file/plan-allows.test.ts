// Promise: `# lab-allow <rule>: <reason>` in a plan file does what `// lab-allow` does in a module: it covers its line or what stands below
// it, is told to be unused, unknown or without a reason at its own place, goes along into the module that `lab import` writes, and makes
// no trial new.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { saidOfPlan } from "../../diagnostic/said-of-plan.ts";
import { unreadParameter } from "../../diagnostic/trial-code-messages.ts";
import { compile } from "../compile.ts";
import { temporaryProject } from "../testing/temporary-project.ts";
import { parsePlanText } from "./plan-document.ts";
import { planModule } from "./plan-module.ts";
import { readPlan } from "./read-plan.ts";

const project = temporaryProject({
  "simulate.ts": `export function trial({ parameters }: { parameters: { lr: number } }) {
  return { score: parameters.lr } as { score: number; lost: number | null };
}
`,
});
test.after(() => project.remove());

/** The lines of the module that the plan stands for. */
function moduleOf(plan: string): readonly string[] {
  project.write("plan.yaml", plan);
  const read = readPlan(project.root, "plan.yaml");
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return planModule(read.value).text.split("\n");
}

/** What stands below each comment. */
function belowComments(plan: string): readonly string[] {
  const lines = moduleOf(plan);
  return lines.flatMap((line, at) => (line.includes("// lab-allow") ? [lines[at + 1]!.trim()] : []));
}

const head = "experiment_name: some\nmodule: simulate.ts\n";

test("a comment stands above the smallest member of the module that holds all that it covers", () => {
  const grid = `${head}metrics_to_track: [score]\nparameter_space:`;
  const cases: readonly (readonly [plan: string, below: readonly string[]])[] = [
    [`${grid}\n  lr: [1, 2]\n  idle: [1, 2] # lab-allow unread-parameter: kept\n`, ["idle: sweep([1, 2]),"]],
    [
      `${grid}\n  lr: [1, 2]\n  # lab-allow unread-parameter: kept\n\n  # Idle.\n  idle:\n    - 1\n    - 2\n`,
      ["idle: sweep([1, 2]),"],
    ],
    [
      `${grid}\n  # lab-allow unread-parameter: kept\n  net: { idle: [1, 2],\n    size: [3] }\n  lr: 1\n`,
      ["parameters: {"],
    ],
    [`${grid} { lr: [1, 2], idle: [1, 2] } # lab-allow unread-parameter: kept\n`, ["parameters: {"]],
    [
      `${grid}\n  - lr: 1\n    idle: 2 # lab-allow unread-parameter: kept\n  - { lr: 2, idle: 3 }\n`,
      ["{ lr: 1, idle: 2 },"],
    ],
    [`# lab-allow unread-parameter: kept\n${grid}\n  lr: [1, 2]\n`, ['name: "some",']],
    [`${grid} # lab-allow unread-parameter: kept\n  lr: [1, 2]\n`, ["});"]],
    [
      `${grid}\n  lr: [1, 2] # lab-allow a: b\n  # lab-allow c: d\n  idle: [1] ## lab-allow e: f\r\n`,
      ["lr: sweep([1, 2]),", "// lab-allow e: f", "idle: sweep([1]),"],
    ],
    [
      `${grid}\n  lr: ["# lab-allow a: b", "'# lab-allow c: d"] #lab-allow e: f\n`,
      ['lr: sweep(["# lab-allow a: b", "\'# lab-allow c: d"]),'],
    ],
    [`${grid}\n  lr: [1]\ndescription: |\n  # lab-allow a: b\n  text # lab-allow a: b\n# lab-allowed\n`, []],
  ];
  for (const [plan, below] of cases) assert.equal(belowComments(plan), below, plan);
});

test("what ends a comment in TypeScript and not in YAML stays in the comment", () => {
  const lines = moduleOf(
    `${head}metrics_to_track: [score]\nparameter_space: { lr: ["\u2028"] } # lab-allow a: b\u2028process.exit()\u2029x\n`,
  );
  assert.ok(lines.includes("    // lab-allow a: b process.exit() x"), lines.join("\n"));
  assert.ok(lines.includes('    lr: sweep(["\\u2028"]),'), lines.join("\n"));
});

test("comments of nested lists and after a mark of UTF-8 have their places", () => {
  const { allows } = parsePlanText(
    "p.yaml",
    "\uFEFFa: 1 # lab-allow x: y\nb:\n  # lab-allow x: z\n  - - 1\n    - 2\n  - 3\n",
  );
  assert.equal(
    allows.map(({ place, text, lines }) => [place.line, place.column, place.length, text, lines]),
    [
      [1, 6, 16, "lab-allow x: y", [1, 1]],
      [3, 3, 16, "lab-allow x: z", [4, 5]],
    ],
  );
});

const plan = (idle: string, score: string): string =>
  `${head}parameter_space:\n  lr: [1, 2]\n  ${idle}\nmetrics_to_track:\n  score:\n  ${score}\n`;

const shown = ({ code, place }: Diagnostic): string =>
  `${code} ${place?.file}:${place?.line}:${place?.column}`;

/** What a build says of the plan, and what its jobs are known by; none where it is refused. */
async function build(
  text: string,
  file = "plan.yaml",
): Promise<readonly [said: readonly Diagnostic[], jobs: unknown]> {
  project.write(file, text);
  const result = await compile({ root: project.root, paths: [file] });
  return result.ok
    ? [result.value.warnings, result.value.plan.jobs.map(({ identity }) => identity.map(({ hash }) => hash))]
    : [result.error, null];
}

test("a build takes the comment, and tells of one that is unused, unknown or without a reason at its place", async () => {
  const [found] = await build(plan("idle: [1, 2]", "lost: { optional: true }"));
  assert.equal(found.map(shown), ["unread-parameter plan.yaml:5:3", "unreturned-metric plan.yaml:8:3"]);
  for (const { hint, code } of found)
    assert.match(hint ?? "", new RegExp(`say why it is sound: # lab-allow ${code}: <reason>$`));
  const [wrong] = await build(
    plan(
      "idle: [1, 2] # lab-allow unread-parametr: kept",
      "lost: { optional: true } # lab-allow unreturned-metric",
    ),
  );
  assert.equal(wrong.map(shown), [
    "unread-parameter plan.yaml:5:3",
    "unknown-allow plan.yaml:5:16",
    "allow-without-reason plan.yaml:8:28",
  ]);
  assert.match(wrong[2]?.hint ?? "", /^Write # lab-allow unreturned-metric: /);
  const sound = plan(
    "idle: [1, 2] # lab-allow unread-parameter: kept",
    "# lab-allow unreturned-metric: later\n  lost: { optional: true }",
  );
  const [none, jobs] = await build(sound);
  assert.equal(none, []);
  const [unused, same] = await build(`${sound}tags: [x] # lab-allow clock-in-trial: none\n`);
  assert.equal(unused.map(shown), ["unused-allow plan.yaml:10:11"]);
  assert.equal(same, jobs);
  const [imported, again] = await build(moduleOf(sound).join("\n"), "plan.experiment.ts");
  assert.equal(imported, []);
  assert.equal(again, jobs);
});

test("a hint for a JSON plan says what to do where comments are none", () => {
  const place = { file: "sweep.json", line: 1, column: 1, length: 1 };
  const of = { place, experiment: "some", parameter: "idle", near: null, hasProgram: false };
  assert.is(
    saidOfPlan(unreadParameter(of)).hint,
    "Read it, drop it, or say why it is sound in a module, since JSON has no comments: lab import sweep.json writes one",
  );
});

test.run();
