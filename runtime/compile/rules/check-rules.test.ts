// What the rules say of small experiments. Half of it is code that must pass: a rule that cries wolf is switched off by everybody.
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { locateExperiments } from "../locate.ts";
import { checkRules } from "./check-rules.ts";

const folders: string[] = [];
test.after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function check(files: Readonly<Record<string, string>>, packages?: string): readonly Diagnostic[] {
  const root = mkdtempSync(path.join(tmpdir(), "lab-rules-"));
  folders.push(root);
  if (packages !== undefined) symlinkSync(packages, path.join(root, "node_modules"));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(root, name), text);
  const names = Object.keys(files).filter((name) => name.endsWith(".experiment.ts"));
  return checkRules({ root, files: names, experiments: locateExperiments(root, names) });
}

interface Parts {
  /** Code before the definition. */
  readonly head?: string;
  /** Statements of the trial. */
  readonly body?: string;
  readonly parameters?: string;
  readonly metrics?: string;
  /** Further properties of the definition. */
  readonly rest?: string;
  readonly context?: string;
  readonly result?: string;
  readonly files?: Readonly<Record<string, string>>;
}

function experiment({
  head = "",
  body = "",
  parameters = "{ size: sweep([1, 2]) }",
  ...parts
}: Parts): string {
  const { metrics = "{ score: metric.number() }", rest = "", result = "{ score: parameters.size }" } = parts;
  const { context = "{ parameters, random, record, checkpoint, effect, signal, censored, refuse }" } = parts;
  return `import { defineExperiment, sweep, oneOf, cross, conditions, metric, type TrialContext } from "labwright";
import { z } from "zod";
${head}
export default defineExperiment({
  name: "snippet",
  parameters: ${parameters},
  metrics: ${metrics},
  ${rest}
  async trial(${context}) {
    ${body}
    return ${result};
  },
});
`;
}

const codesOf = (parts: Parts): string[] =>
  check({ "snippet.experiment.ts": experiment(parts), ...parts.files }).map(({ code }) => code);

const innocent: Readonly<Record<string, Parts>> = {
  "nothing at all": {},
  "a local object named Math": { body: "const Math = { random: () => 4 }; Math.random();" },
  "a parameter named Date": {
    head: "const f = (Date: { now(): number }) => Date.now();",
    body: "f({ now: () => 3 });",
  },
  "a member named random of something else": {
    body: "random.float(); const o = { random() { return 1; } }; o.random();",
  },
  "names in comments, strings and templates": {
    body: "// Math.random(), Date.now()\n const s = 'process.env.HOME'; const t = `new Date() and fetch(` + s; /* fs.readFileSync */ if (t === '') return { score: 0 };",
  },
  "dates from arguments": {
    body: "new Date(0); new Date(2020, 1, 1); Date.parse('2020'); Date.UTC(2020, 1);",
  },
  "type-only imports of node modules": {
    head: 'import type { Stats } from "node:fs"; import { type Socket } from "node:net"; type S = Stats | Socket; const f = (s: S | null) => s;',
    body: "f(null);",
  },
  "typeof Math and type positions": {
    head: "const f = (m: typeof Math, d: Date | null) => [m, d];",
    body: "typeof fetch; f(null as never, null);",
  },
  "pure parts of node modules": {
    head: 'import path from "node:path"; import { createHash } from "node:crypto"; import { EOL } from "node:os"; import { isDeepStrictEqual } from "node:util";',
    body: 'path.join("a", EOL); createHash("sha256").update("x").digest("hex"); isDeepStrictEqual(1, 1);',
  },
  "unreached code may do as it likes": {
    head: 'import { readFileSync } from "node:fs"; let calls = 0; export function unused() { calls++; return readFileSync(String(Math.random() * Date.now())); }',
  },
  "analyses and questions are no trial code": {
    rest: "question: String(new Date()), analyses: () => { console.log(Math.random(), process.env.X); return []; },",
  },
  "other members of Math and performance": { body: "Math.floor(Math.PI); Math.imul(3, 4);" },
  "module constants that are only read": {
    head: "const table = [1, 2, 3]; const lookup = new Map([[1, 2]]); let width = 3; width = 4;",
    body: "table[0]; lookup.get(1); table.map((x) => x + width); [...table].sort(); table.slice().reverse();",
  },
  "tables filled while the module loads": {
    head: "const squares: number[] = []; for (let i = 0; i < 9; i++) squares.push(i * i); let total = 0; squares.forEach((x) => { total += x; });",
    body: "squares[2]! + total;",
  },
  "a counter that only the load uses": {
    head: "let n = 0; const next = () => n++; const ids = { a: 1 }; const first = next();",
    body: "first; ids.a;",
  },
  "locals of the trial": {
    body: "let n = 0; n++; const a: number[] = []; a.push(n); const m = new Map(); m.set(1, 2); const o = { x: 1 }; o.x++; class C { n = 0; up() { this.n++; } } new C().up();",
  },
  "copies of module constants": {
    head: "const base = { x: 1, list: [1] };",
    body: "const mine = { ...base }; mine.x = 2; const list = [...base.list]; list.push(3); const deep = structuredClone(base); deep.list.push(1);",
  },
  "a helper that changes what the trial made": {
    head: "function fill(a: number[]) { for (let i = 0; i < 3; i++) a[i] = i; }",
    body: "const a: number[] = []; fill(a);",
  },
  "an object made anew by each trial": {
    head: "class Agent { n = 0; learn() { this.n += 1; } } const makeAgent = () => new Agent();",
    body: "const agent = makeAgent(); agent.learn(); const other = new Agent(); other.learn();",
  },
  "values that are not changed by add and set": {
    head: 'import { big } from "bignumber"; const one = big(1); const m = big(2);',
    body: "one.add(m); m.set(1);",
  },
  "a functional stack": {
    head: 'import * as stack from "./stack.ts";',
    body: "const s = stack.push([], 1); stack.pop(s);",
    files: {
      "stack.ts":
        "export const push = (s: number[], x: number) => [...s, x]; export const pop = (s: number[]) => s.slice(1);",
    },
  },
  "shadowed module names": {
    head: "let count = 0; export const get = () => count;",
    body: "let count = 1; count++; const f = (get: number) => get + 1; f(2);",
  },
  "awaited and returned promises": {
    head: "async function step() { return 1; } const later = () => step();",
    body: "await step(); await later(); await Promise.all([1, 2].map(async (x) => x)); const p = step(); await p; const q = [step()]; await Promise.all(q); await checkpoint({}); for await (const x of [step()]) x;",
  },
  "promises handed on": {
    head: "async function step() { return 1; } function run(p: Promise<number>[]) { return Promise.all(p); }",
    body: "const ps: Promise<number>[] = []; ps.push(step()); await run(ps); await step().then((x) => x + 1); let p; p = step(); await p;",
  },
  "statements that give no promise": {
    head: "function log(x: number): void { x; } const also = (x: number) => { log(x); };",
    body: "log(1); also(2); [1, 2].forEach((x) => log(x)); [3].forEach(also); console.log(1); record('a', {}); 'a' in {} ? log(1) : also(2);",
    rest: "series: { a: z.object({}) },",
  },
  "effects may touch the world in perform": {
    head: "const call = async () => { const r = await fetch('x'); return [r.status, Date.now()]; };",
    body: "await effect('k', 1, { perform: async () => [await call(), process.env.KEY] });",
  },
  "parameters destructured in the signature": {
    context: "{ parameters: { size, ...others } }",
    result: "{ score: size }",
    body: "others;",
  },
  "parameters handed on whole": {
    head: "const score = (p: { size: number }) => p.size;",
    result: "{ score: score(parameters) }",
  },
  "parameters through a constant": {
    body: "const p = parameters; const { size: n } = p;",
    result: "{ score: n }",
  },
  "the context under another name": {
    context: "context",
    body: "const { parameters: p } = context; context.record('a', { x: p.size });",
    result: "{ score: 1 }",
    rest: "series: { a: z.object({}) },",
  },
  "the context handed to a typed helper": {
    head: "function play({ parameters, record }: TrialContext<{ size: number }>) { record('a', {}); return parameters.size; }",
    context: "context",
    result: "{ score: play(context) }",
    rest: "series: { a: z.object({}) },",
  },
  "the context handed to an unknown helper": {
    head: 'import { play } from "somewhere";',
    context: "context",
    result: "{ score: play(context) }",
    rest: "series: { a: z.object({}) },",
  },
  "a computed parameter": { body: "const key = 'size' as const;", result: "{ score: parameters[key] }" },
  "branches told apart by what they hold": {
    parameters:
      'oneOf("climber", { greedy: { step: sweep([1, 2]) }, annealing: { step: 1, cooling: sweep([0.9, 0.99]) } })',
    result: '{ score: "cooling" in parameters ? parameters.cooling : parameters.step }',
  },
  "a shared space": {
    head: "const shared = { size: sweep([1, 2]) };",
    parameters: 'cross(shared, oneOf("kind", { a: {}, b: {} }))',
    result: '{ score: parameters.kind === "a" ? parameters.size : 0 }',
  },
  "a plain list of conditions": { parameters: "conditions([{ size: 1, same: 3 }, { size: 2, same: 3 }])" },
  "a swept parameter that a stage uses": {
    parameters: "{ size: sweep([1, 2]), cost: sweep([1, 2]) }",
    rest: "stages: ({ stage }) => { const prices = stage({ per: 'condition', uses: ['cost'], run({ parameters }) { return parameters.cost; } }); return { prices }; },",
  },
  "metrics through constants, helpers and spreads": {
    metrics: "{ score: metric.number(), cost: metric.number(), rank: metric.integer() }",
    head: "const costs = () => ({ cost: 1 }); const rank = { rank: 2 };",
    body: "if (parameters.size > 3) return refuse('too large'); if (parameters.size > 2) return censored({ metric: 'cost', bound: 3 }); const result = { score: 1, ...costs(), ...rank };",
    result: "result",
  },
  "metrics that syntax cannot see": {
    head: 'import { play } from "somewhere";',
    metrics: "{ score: metric.number(), other: metric.number() }",
    result: "{ ...play(parameters) }",
  },
  "a result that is added to": {
    metrics: "{ score: metric.number(), other: metric.number() }",
    body: "const result = { score: parameters.size } as { score: number; other: number }; result.other = 3;",
    result: "result",
  },
  "an inner function that returns other things": { body: "const f = () => { return { x: 1 }; }; f();" },
  "record handed on": {
    head: "function write(record: (s: 'a', row: object) => void) { record('a', {}); }",
    body: "write(record);",
    rest: "series: { a: z.object({}) },",
  },
  "an allow comment on the line": { body: "Date.now(); // lab-allow clock-in-trial: shown in a log only" },
  "an allow comment above": {
    body: "// lab-allow clock-in-trial, random-in-trial: shown in a log only\n const t = [\n Date.now(),\n Math.random(),\n ]; t;",
  },
  "an allow comment at the state": {
    head: "// lab-allow mutable-module-state: a cache of pure values\nconst cache = new Map<number, number>();",
    body: "cache.set(1, 1);",
  },
  "an allow comment over a function": {
    head: "/* lab-allow file-in-trial: the file is declared data */\nfunction load() {\n  return readFileSync('a');\n}\nimport { readFileSync } from 'node:fs';",
    body: "load();",
  },
  "lab-allow in prose and strings": {
    body: "// see lab-allow in the docs\n const s = 'lab-allow x'; const t = `\n// lab-allow y: z\n`; s + t;",
  },
  "an allow comment in code that is not reached": {
    head: "// lab-allow clock-in-trial: a helper for the notebook\nexport const stamp = () => Date.now();",
  },
};

for (const [name, parts] of Object.entries(innocent)) {
  test(`passes: ${name}`, () => {
    assert.equal(codesOf(parts), []);
  });
}

const guilty: Readonly<Record<string, Parts & { readonly codes: readonly string[] }>> = {
  "Math.random called": { body: "Math.random();", codes: ["random-in-trial"] },
  "Math.random handed on": { body: "[1].map(Math.random);", codes: ["random-in-trial"] },
  "Math.random destructured": { body: "const { random: r } = Math; r();", codes: ["random-in-trial"] },
  "Math under another name": {
    head: "const M = globalThis.Math;",
    body: "M['random']();",
    codes: ["random-in-trial"],
  },
  "Math.random in a helper's helper": {
    head: "const a = () => b(); const b = () => Math.random();",
    body: "a();",
    codes: ["random-in-trial"],
  },
  "Math.random in another file": {
    head: 'import { noise as n } from "./noise.ts";',
    body: "n();",
    files: {
      "noise.ts": "export { noise } from './deep.ts';",
      "deep.ts": "export function noise() { return Math.random(); }",
    },
    codes: ["random-in-trial"],
  },
  "Math.random in a class": {
    head: "class Agent { act() { return Math.random(); } }",
    body: "new Agent().act();",
    codes: ["random-in-trial"],
  },
  "Math.random through a namespace": {
    head: 'import * as n from "./noise.ts";',
    body: "n.loud();",
    files: { "noise.ts": "export const loud = () => Math.random(); export const quiet = () => Date.now();" },
    codes: ["random-in-trial"],
  },
  "Math.random in a module imported late": {
    body: 'const { loud } = await import("./noise.ts"); loud();',
    files: { "noise.ts": "export const loud = () => Math.random();" },
    codes: ["random-in-trial"],
  },
  "Math.random in a table that the trial reads": {
    head: "const table: number[] = []; for (let i = 0; i < 3; i++) table.push(Math.random());",
    body: "table[0];",
    codes: ["random-in-trial"],
  },
  "crypto by import and by global": {
    head: 'import { randomBytes } from "crypto";',
    body: "randomBytes(4); crypto.randomUUID();",
    codes: ["random-in-trial", "random-in-trial"],
  },
  "a package that draws": {
    head: 'import { nanoid } from "nanoid"; import _ from "lodash-es";',
    body: "nanoid(); _.shuffle([1]);",
    codes: ["random-in-trial", "random-in-trial"],
  },
  clocks: {
    head: 'import { performance as p } from "node:perf_hooks";',
    body: "Date.now(); new Date(); Date(); performance.now(); p.now(); process.hrtime.bigint();",
    codes: Array(6).fill("clock-in-trial"),
  },
  "environment variables": {
    head: 'import { env } from "node:process";',
    body: "process.env.A; env.B; process.env['C'];",
    codes: Array(3).fill("process-env-in-trial"),
  },
  files: {
    head: 'import * as fs from "fs"; import { readFile } from "node:fs/promises";',
    body: "fs.readFileSync('x'); await readFile('x'); (await import('node:fs')).statSync('x'); const f = require('fs'); f.rmSync('x');",
    codes: Array(4).fill("file-in-trial"),
  },
  "the network": {
    head: 'import http from "node:http"; import axios from "axios";',
    body: "await fetch('x'); http.get('x'); new WebSocket('x'); await axios.get('x');",
    codes: Array(4).fill("network-in-trial"),
  },
  "processes and machines": {
    head: 'import { execSync } from "node:child_process"; import os from "node:os";',
    body: "execSync('ls'); process.exit(1); os.hostname(); process.pid;",
    codes: ["process-in-trial", "process-in-trial", "machine-in-trial", "machine-in-trial"],
  },
  "promises of the context": {
    body: "checkpoint({}); effect('k', 1); void checkpoint({});",
    codes: Array(3).fill("unawaited-promise"),
  },
  "promises of the whole context": {
    context: "context",
    body: "context.checkpoint({}); const { parameters, effect: e } = context; e('k', 1);",
    codes: Array(2).fill("unawaited-promise"),
  },
  "promises of functions": {
    head: "async function a() {} const b = async () => 1; function c(): Promise<void> { return a(); } const d = () => c(); class E { async f() {} g = async () => {}; } interface H { i(): Promise<void> } function use(h: H) { h.i(); }",
    body: "a(); b(); c(); d(); new E().f(); const e = new E(); e.g(); use({ i: a });",
    codes: Array(7).fill("unawaited-promise"),
  },
  "promise expressions": {
    head: "const a = async () => 1;",
    body: "a().then(() => 1); new Promise(() => {}); import('zod'); Promise.all([a()]); parameters.size && a(); parameters.size ? a() : 0; const unused = a();",
    codes: Array(7).fill("unawaited-promise"),
  },
  "forEach with an async function": {
    head: "const step = async () => 1;",
    body: "[1].forEach(async (x) => { x; }); [2].forEach(step); [3].forEach(() => step());",
    codes: Array(3).fill("unawaited-promise"),
  },
  "a promise in a typed helper": {
    head: "async function play({ effect }: TrialContext) { effect('k', 1); }",
    context: "context",
    body: "const { parameters } = context; await play(context as never);",
    codes: ["unawaited-promise"],
  },
  "module variables": {
    head: "let n = 0; var v = 1; const f = () => { v += 1; };",
    body: "n++; f();",
    codes: ["mutable-module-state", "mutable-module-state"],
  },
  "module objects": {
    head: "const o = { a: { b: 1 }, list: [1] }; const list: number[] = []; const m = new Map(); const buffer = new Float64Array(3);",
    body: "o.a.b = 2; list.push(1); m.set(1, 2); buffer[0] = 1; delete (o as { a?: unknown }).a; Object.assign(m, {});",
    codes: Array(4).fill("mutable-module-state"),
  },
  "module objects by another name": {
    head: "const state = { rows: [{ x: 1 }] };",
    body: "const rows = state.rows; rows.push({ x: 2 }); const { rows: r } = state; r.pop(); for (const row of state.rows) row.x = 3;",
    codes: ["mutable-module-state"],
  },
  "module objects changed by a helper": {
    head: "const state = { n: 0 }; function bump(s: { n: number }) { s.n++; } const twice = (s: { n: number }) => { bump(s); };",
    body: "twice(state);",
    codes: ["mutable-module-state"],
  },
  "a module's agent that learns": {
    head: "class Agent { q = [0]; learn() { this.#set(0); } #set(i: number) { this.q[i] = 1; } } const agent = new Agent();",
    body: "agent.learn();",
    codes: ["mutable-module-state"],
  },
  "static fields and globals": {
    head: "class C { static n = 0; static up() { this.n++; } }",
    body: "C.n++; C.up(); (globalThis as Record<string, unknown>)['x'] = 1;",
    codes: Array(2).fill("mutable-module-state"),
  },
  "state of another file": {
    head: 'import { state, bump } from "./state.ts";',
    body: "state.n = 2; bump();",
    files: { "state.ts": "export const state = { n: 0 }; let m = 0; export const bump = () => { m++; };" },
    codes: ["mutable-module-state", "mutable-module-state"],
  },
  "state around stages": {
    rest: "stages: ({ stage }) => { let n = 0; return { prepare: stage({ per: 'condition', run() { n++; return n; } }) }; },",
    codes: ["mutable-module-state"],
  },
  "a generator shared by trials": {
    head: "function* count() { let n = 0; while (true) yield n++; } const ids = count();",
    body: "ids.next();",
    codes: ["mutable-module-state"],
  },
  "parameters that change at every build": {
    parameters: "{ size: sweep([1, 2]), stamp: Date.now(), folder: tmpdir() }",
    head: 'import { tmpdir } from "node:os";',
    codes: ["unstable-definition", "unstable-definition"],
  },
  "an unread factor": {
    parameters: "{ size: sweep([1, 2]), sise: sweep([1, 2]) }",
    codes: ["unread-parameter"],
  },
  "an unread tag": {
    parameters: 'cross({ size: sweep([1, 2]) }, oneOf("kind", { a: {}, b: {} }))',
    codes: ["unread-parameter"],
  },
  "an unread column of conditions": {
    parameters: "conditions([{ size: 1, other: 3 }, { size: 2, other: 4 }])",
    codes: ["unread-parameter"],
  },
  "a metric never returned": {
    metrics: "{ score: metric.number(), periods: metric.integer() }",
    codes: ["unreturned-metric"],
  },
  "a metric never declared": {
    result: "{ score: parameters.size, periods: 3 }",
    codes: ["undeclared-metric"],
  },
  "a misspelt metric is said once": {
    metrics: "{ periods: metric.integer() }",
    result: "{ perids: parameters.size }",
    codes: ["undeclared-metric"],
  },
  "a series never recorded": {
    rest: "series: { a: z.object({}), b: z.object({}) },",
    body: "record('a', {});",
    codes: ["unrecorded-series"],
  },
  "an allow comment without a reason": {
    body: "Date.now(); // lab-allow clock-in-trial",
    codes: ["allow-without-reason"],
  },
  "an allow comment with a wrong code": {
    body: "Date.now(); // lab-allow clock-in-tial: a slip",
    codes: ["clock-in-trial", "unknown-allow"],
  },
  "an allow comment for nothing": {
    body: "Math.floor(1); // lab-allow clock-in-trial: no longer",
    codes: ["unused-allow"],
  },
};

for (const [name, { codes, ...parts }] of Object.entries(guilty)) {
  test(`reports: ${name}`, () => {
    assert.equal(codesOf(parts), codes);
  });
}

test("what a package's function gives is asked of the type checker", () => {
  const asking = (body: string): readonly string[] => {
    const head = "const row = z.object({ a: z.number() });";
    const checkout = fileURLToPath(new URL("../../..", import.meta.url));
    return check({ "a.experiment.ts": experiment({ head, body }) }, path.join(checkout, "node_modules")).map(
      ({ code }) => code,
    );
  };
  assert.equal(asking("row.parseAsync({});"), ["unawaited-promise"]);
  assert.equal(asking("row.parse({ a: 1 }); await row.parseAsync({ a: 1 });"), []);
});

test("a helper shared by two experiments is reported once", () => {
  const one = experiment({ head: 'import { noise } from "./noise.ts";', body: "noise();" });
  const found = check({
    "a.experiment.ts": one,
    "b.experiment.ts": one,
    "noise.ts": "export const noise = () => Math.random();",
  });
  assert.equal(
    found.map(({ place }) => place),
    [{ file: "noise.ts", line: 1, column: 28, length: "Math.random".length }],
  );
});

test("a diagnostic names the way from the trial", () => {
  const [found] = check({
    "a.experiment.ts": experiment({
      head: "const a = () => b(); const b = () => Math.random();",
      body: "a();",
    }),
  });
  assert.match(found?.message ?? "", /Math\.random in the trial of "snippet", through a > b/);
});

test("paths of tsconfig and imports of package.json lead into the project", () => {
  const noise = "export const noise = () => Math.random();";
  const found = check({
    "a.experiment.ts": experiment({
      head: 'import { noise } from "@/noise"; import { noise as b } from "#deep";',
      body: "noise(); b();",
    }),
    "tsconfig.json": '{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }',
    "package.json": '{ "imports": { "#deep": "./deep.ts" } }',
    "noise.ts": noise,
    "deep.ts": noise,
  });
  assert.equal(
    found.map(({ place }) => place?.file),
    ["deep.ts", "noise.ts"],
  );
});

test.run();
