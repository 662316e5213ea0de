// Code that the rules must report, each with its code; what must pass is in innocent-code.test.ts.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { check, codesOf, experiment, type Parts, removeProjects } from "./testing/snippet.ts";

test.after(removeProjects);

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
  "promises of what functions return": {
    head: "class E { async f() {} } interface H { g(): Promise<void> } const make = () => new E(); function other(): H { return { g: async () => {} }; }",
    body: "const e = make(); e.f(); other().g();",
    codes: ["unawaited-promise", "unawaited-promise"],
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
    parameters: 'space.cross({ size: sweep([1, 2]) }, space.oneOf("kind", { a: {}, b: {} }))',
    codes: ["unread-parameter"],
  },
  "an unread column of conditions": {
    parameters: "space.conditions([{ size: 1, other: 3 }, { size: 2, other: 4 }])",
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

test("a program is told of the parameters that its words and its configuration name", () => {
  const found = (run: string, config: string, head = ""): readonly string[] =>
    check({
      "a.experiment.ts": `import { command, configFile, defineExperiment, metric, parameter, sweep, trialSeed } from "labwright";
${head}
export default defineExperiment({
  name: "told",
  parameters: { rate: sweep([1, 2]), depth: sweep([1, 2]) },
  metrics: { score: metric.number() },
  trial: command({ run: ["sh", "train.sh", ${run}], ${config} metrics: { json: "out.json" } }),
});
`,
    }).map(({ code, message }) => `${code} ${/parameter "(\w+)"/.exec(message)?.[1]}`);
  const set = 'config: { set: { a: parameter("rate"), seed: trialSeed, b: [1, "x"], c: -2 } },';
  assert.equal(found("configFile", set), ["unread-parameter depth"]);
  assert.equal(found('configFile, parameter("depth")', set), []);
  assert.equal(found("configFile, deep", set, 'const deep = parameter("depth");'), []);
  assert.equal(found("configFile", ""), []);
  assert.equal(found("configFile", 'config: { base: "base.json" },'), []);
  assert.equal(found("...words", set, "const words = make(); declare function make(): string[];"), []);
  assert.equal(found("configFile", "config: { set: more() },", "declare function more(): {};"), []);
});

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
