// Promise: what stands in a plan file is read as it is written, in YAML as in JSON and in any order; what cannot be kept is refused in
// plain words, at a line and column of the file.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { stringify } from "yaml";
import { temporaryProject } from "../testing/temporary-project.ts";
import { code, nodeText } from "./code-text.ts";
import { markedText } from "./module-text.ts";
import { type Entry, type PlanNode, parsePlanText } from "./plan-document.ts";
import { planModule } from "./plan-module.ts";
import { readPlan } from "./read-plan.ts";

const project = temporaryProject({ "base.yaml": "lr: 1\ndepth: 2\nnet: { kind: flat, size: 3 }\n" });
test.after(() => project.remove());

const key = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 8 })
  .filter((text) => text !== "__proto__");
const leaf = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.constantFrom(
    "no",
    "yes",
    "on",
    "~",
    "null",
    "010",
    "1e3",
    "2024-01-02",
    "- a",
    "# b",
    "<<",
    "*a",
    "&a",
    "a: b",
    "\ttab",
    "a\nb\n",
  ),
  fc.maxSafeInteger(),
  fc
    .double({ noDefaultInfinity: true, noNaN: true })
    .filter((value) => !Object.is(value, -0) && (!Number.isInteger(value) || Number.isSafeInteger(value))),
  fc.boolean(),
  fc.constant(null),
);
const { data } = fc.letrec<{ data: unknown }>((tie) => ({
  data: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.array(tie("data"), { maxLength: 4 }),
    fc.dictionary(key, tie("data"), { maxKeys: 4 }),
  ),
}));
const style = fc.record({
  indent: fc.integer({ min: 1, max: 6 }),
  collectionStyle: fc.constantFrom("any" as const, "block" as const, "flow" as const),
  defaultStringType: fc.constantFrom("PLAIN" as const, "QUOTE_DOUBLE" as const, "QUOTE_SINGLE" as const),
  lineWidth: fc.constantFrom(0, 40),
});

function rootOf(text: string, file = "plan.yaml"): PlanNode {
  const { root, problems } = parsePlanText(file, text);
  assert.equal(problems, [], text);
  return root!;
}

/** A value without what JSON.stringify changes of it. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test("a value is the same from YAML of any style and from JSON, with CRLF and a mark of UTF-8 too", () => {
  fc.assert(
    fc.property(data, style, (value, options) => {
      const wanted = plain(value);
      const yaml = stringify(value, { ...options, aliasDuplicateObjects: false });
      const root = rootOf(yaml);
      assert.equal(plain(root.value), wanted);
      assert.is(markedText([nodeText(root)]).text, code(root.value));
      const json = JSON.stringify(value, null, options.indent);
      assert.equal(plain(rootOf(json, "plan.json").value), wanted);
      assert.equal(plain(rootOf(`\uFEFF${json.replaceAll("\n", "\r\n")}`, "plan.json").value), wanted);
    }),
  );
});

test("each key stands where its place says", () => {
  const under = (node: PlanNode): readonly Entry[] => [
    ...(node.entries ?? []).flatMap((entry) => [entry, ...under(entry.node)]),
    ...(node.items ?? []).flatMap(under),
  ];
  const word = fc.stringMatching(/^[a-z]{1,6}$/);
  fc.assert(
    fc.property(
      fc.dictionary(word, fc.oneof(data, fc.dictionary(word, data)), { minKeys: 1 }),
      style,
      (value, options) => {
        for (const text of [stringify(value, options), JSON.stringify(value, null, 1)]) {
          const lines = text.split("\n");
          for (const { key: name, place } of under(rootOf(text)).filter((entry) =>
            /^[a-z]+$/.test(entry.key),
          ))
            assert.match(lines[place.line - 1]!.slice(place.column - 1), new RegExp(`^["']?${name}\\b`));
        }
      },
    ),
  );
});

const values = fc.oneof(fc.integer({ min: -99, max: 99 }), fc.stringMatching(/^[a-z]{1,5}$/), fc.boolean());
const levels = fc.oneof(
  values,
  fc.array(values, { minLength: 1, maxLength: 4 }),
  fc.record({ min: fc.constant(1), max: fc.integer({ min: 2, max: 9 }), step: fc.constant(1) }),
);
const plans = fc.record(
  {
    experiment_name: fc.stringMatching(/^[a-z]{1,8}$/),
    description: fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => text.trim() !== ""),
    tags: fc.array(fc.stringMatching(/^[a-z]{1,5}$/), { minLength: 1, maxLength: 3 }),
    base_config_file_path: fc.constant("base.yaml"),
    parameter_space: fc.record({ lr: levels, depth: levels, net: fc.record({ size: levels }) }),
    num_replicates_per_run: fc.integer({ min: 1, max: 9 }),
    seed: fc.nat(),
    metrics_to_track: fc.oneof(
      fc.constant(["loss", "win.rate"]),
      fc.constant({ loss: { direction: "minimize" } }),
    ),
    program: fc.oneof(fc.constant("sim {config} {lr}"), fc.constant({ run: ["sim", "{config}"], seed: "s" })),
  },
  { requiredKeys: ["experiment_name", "parameter_space", "metrics_to_track", "program"] },
);

function moduleOf(file: string, text: string): string {
  project.write(file, text);
  const plan = readPlan(project.root, file);
  assert.ok(plan.ok, JSON.stringify(plan, null, 1));
  return plan.ok ? planModule(plan.value).text : "";
}

test("a plan is the same module in YAML and in JSON, and in any order of its keys", () => {
  const shuffled = plans.chain((plan) =>
    fc.tuple(
      fc.constant(plan),
      fc.shuffledSubarray(Object.entries(plan), { minLength: Object.keys(plan).length }),
    ),
  );
  fc.assert(
    fc.property(shuffled, style, ([plan, entries], options) => {
      const written = moduleOf("plan.yaml", stringify(plan, options));
      assert.is(moduleOf("plan.json", JSON.stringify(plan)), written);
      assert.is(moduleOf("other.yaml", stringify(Object.fromEntries(entries), options)), written);
    }),
  );
});

test("each key and value of a plan stands in its module for its own place", () => {
  project.write(
    "places.yaml",
    `experiment_name: places
parameter_space:
  lr: [0.1, 0.2]
  net: { size: { values: [4, 8] } }
base_config_file_path: base.yaml
execution_sequence:
  - step: season
    gear: { low: 1, high: [2, 3] }
  - { intervention: heat, at: 5, set: { net: { size: 9 } } }
metrics_to_track:
  loss: number
  growth: { type: series, from: days, columns: { day: integer, mass: number } }
orchestrator: { proto: o.proto, address: "127.0.0.1:1", seed: random }
`,
  );
  const plan = readPlan(project.root, "places.yaml");
  assert.ok(plan.ok, JSON.stringify(plan));
  const { text, originOf } = planModule(plan.value);
  const lines = text.split("\n");
  const originOfText = (found: string): readonly number[] => {
    const line = lines.findIndex((each) => each.includes(found));
    const at = originOf({ line: line + 1, column: (lines[line] ?? "").indexOf(found) + 1 });
    return [at?.line ?? 0, at?.column ?? 0];
  };
  assert.equal(originOfText("0.2"), [3, 13]);
  assert.equal(originOfText("8]"), [4, 30]);
  assert.equal(originOfText('"low"'), [8, 13]);
  assert.equal(originOfText("3]"), [8, 31]);
  assert.equal(originOfText('"net.size": 9'), [9, 48]);
  assert.equal(originOfText("mass"), [12, 64]);
  assert.equal(originOfText('"days"'), [10, 1], "the names go where the metrics do");
  assert.equal(originOfText('growth: "days"'), [12, 3]);
  assert.equal(originOfText("random: trialSeed"), [13, 63]);
});

test("whatever is wrong with a file is told at a line and column that it has", () => {
  const piece = fc.constantFrom(
    "\t",
    "[",
    "}",
    ": ",
    "- ",
    "*a ",
    "&a ",
    "<<: ",
    "!x ",
    "\n",
    "\r\n",
    '"',
    "'",
    "#",
    "---\n",
    "? ",
    ".inf",
    "99999999999999999999",
    "|",
    "%",
    "",
  );
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 6 }), piece), { minLength: 1, maxLength: 3 });
  let told = 0;
  fc.assert(
    fc.property(plans, style, edits, fc.boolean(), (plan, options, changes, isMarked) => {
      const text = changes.reduce(
        (before, [at, dropped, added]) => {
          const start = at % (before.length + 1);
          return before.slice(0, start) + added + before.slice(start + dropped);
        },
        stringify(plan, options),
      );
      project.write("wrong.yaml", (isMarked ? "\uFEFF" : "") + text);
      const read = readPlan(project.root, "wrong.yaml");
      if (read.ok) return;
      const lines = text.split(/\r?\n/);
      for (const { place, message } of read.error) {
        told++;
        const line = lines[place!.line - 1];
        const shown = JSON.stringify({ text, place, message });
        assert.ok(line !== undefined && place!.column >= 1 && place!.length >= 1, shown);
        assert.ok(place!.column <= Math.max(1, line!.length), shown);
        assert.ok(place!.column - 1 + place!.length <= Math.max(1, line!.length), shown);
        assert.not.match(message, /YAML\.|toJS|undefined|call stack/, shown);
      }
    }),
    { numRuns: 300 },
  );
  assert.ok(told > 50, `${told} problems`);
});

test("words of YAML 1.1 are texts, and numbers are numbers", () => {
  const text = "[no, yes, on, off, 2024-01-02, 12:30:45, 1_000, 010, 0o10, 0x1f, 1e3, +1, .5, ~, True]";
  assert.equal(rootOf(text).value, [
    ...["no", "yes", "on", "off", "2024-01-02", "12:30:45", "1_000"],
    ...[10, 8, 31, 1000, 1, 0.5, null, true],
  ]);
});

test("anchors, aliases and merged mappings are followed; what a merge brings in stands at its sign", () => {
  const text = "one: &x { p: 1, q: 2 }\ntwo: &y { r: 3 }\nthree:\n  s: *x\n  <<: [*x, *y]\n  q: 4\n";
  const three = rootOf(text).entries![2]!.node;
  assert.equal(three.value, { s: { p: 1, q: 2 }, p: 1, q: 4, r: 3 });
  assert.is(markedText([nodeText(three)]).text, code(three.value));
  assert.equal(
    three.entries!.map(({ key: name, place, node }) => [name, place.line, place.column, node.value]),
    [
      ["s", 4, 3, { p: 1, q: 2 }],
      ["q", 6, 3, 4],
      ["p", 5, 3, 1],
      ["r", 5, 3, 3],
    ],
  );
  assert.equal(
    rootOf('{ "<<": 1, "a": 2 }').entries!.map(({ key: name }) => name),
    ["<<", "a"],
  );
  const often = `a: &x 1\nb: [${Array(500).fill("*x").join(", ")}]\n`;
  assert.is((rootOf(often).value as { b: unknown[] }).b.length, 500);
});

const bomb = [
  "a: &a [x, x]",
  ..."bcdefghijkl"
    .split("")
    .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${"abcdefghijk"[at]}`).join(", ")}]`),
].join("\n");

const refused: readonly (readonly [text: string, at: string, words: RegExp])[] = [
  ["b: 1\na: *nope\n", "2:4", /no anchor &nope stands before the alias \*nope/],
  ["b: 1\na: &a [1, *a]\n", "2:11", /the alias \*a stands within its own anchor/],
  ["a: &a { b: { <<: *a } }\n", "1:18", /within its own anchor/],
  [bomb, "5:8", /aliases unfold to more than 1000 here/],
  ["b:\n  <<: 3\n", "2:3", /<< takes a mapping/],
  ["a: 1\nb: 2\na: 3\n", "3:1", /this key stands twice/],
  ["x: { a: 1, a: 2 }\n", "1:12", /this key stands twice/],
  ["a:\n\tb: 1\n", "2:1", /tabs are not allowed as indentation/],
  ["a: 1\r\nb: [\r\n", "2:4", /flow sequence/],
  ["\uFEFFa: *q\n", "1:4", /no anchor &q/],
  ["a: 1\n---\nb: 2\n", "2:1", /a second document begins here, and a file holds one/],
  ["%YAML 1.1\n---\na: no\n", "1:1", /%YAML 1\.1 asks for other rules/],
  ["a: 12345678901234567890\n", "1:4", /12345678901234567890 lies beyond 2\^53 - 1/],
  ["a: [1, .inf]\n", "1:8", /\.inf is no finite number/],
  ["a: 1e999\n", "1:4", /1e999 is no finite number/],
  ["a: !env HOME\n", "1:9", /the tag !env is none of JSON's kinds of values/],
  ["a: !!timestamp 2024-01-02\n", "1:16", /the tag !!timestamp/],
  ["? [a, b]\n: 1\n", "1:3", /a key is text/],
  ["a: 1\n: 2\n", "2:1", /a key is missing before the colon/],
  ["a: { __proto__: 1 }\n", "1:6", /"__proto__" is no key/],
  ['a: "x\nb: 1\n', "2:4", /missing closing "quote/],
];

test("what a plan cannot keep is refused in plain words, at its line and column", () => {
  for (const [text, at, words] of refused) {
    const [problem] = parsePlanText("plan.yaml", text).problems;
    assert.is(`${problem?.place?.line}:${problem?.place?.column}`, at, text);
    assert.match(problem!.message, words);
  }
});

test("a base configuration that a program gets as it is may hold what JSON has not; for a module it is refused", () => {
  const of = (runs: string): string =>
    `experiment_name: odd\nbase_config_file_path: odd.yaml\nparameter_space: { lr: [1, 2] }\nmetrics_to_track: [loss]\n${runs}\n`;
  project.write("odd.yaml", "lr: 1\nlimit: .inf\nhome: !env HOME\nid: 12345678901234567890\n");
  moduleOf("plan.yaml", of("program: sim {config}"));
  project.write("plan.yaml", of("module: sim.ts"));
  const read = readPlan(project.root, "plan.yaml");
  assert.equal(
    read.ok ? [] : read.error.map(({ place }) => `${place?.file}:${place?.line}:${place?.column}`),
    ["odd.yaml:2:8", "odd.yaml:3:12", "odd.yaml:4:5"],
  );
});

test.run();
