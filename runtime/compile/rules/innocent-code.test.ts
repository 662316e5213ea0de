// Code that must pass without a word: a rule that cries wolf is switched off by everybody.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { codesOf, type Parts, removeProjects } from "./testing/snippet.ts";

test.after(removeProjects);

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
  "a parameter that only perform reads": {
    body: "const score = await effect('k', 1, { perform: async () => call(parameters.size) });",
    head: "const call = async (size: number) => size;",
    result: "{ score }",
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
      'space.oneOf("climber", { greedy: { step: sweep([1, 2]) }, annealing: { step: 1, cooling: sweep([0.9, 0.99]) } })',
    result: '{ score: "cooling" in parameters ? parameters.cooling : parameters.step }',
  },
  "a shared space": {
    head: "const shared = { size: sweep([1, 2]) };",
    parameters: 'space.cross(shared, space.oneOf("kind", { a: {}, b: {} }))',
    result: '{ score: parameters.kind === "a" ? parameters.size : 0 }',
  },
  "a plain list of conditions": {
    parameters: "space.conditions([{ size: 1, same: 3 }, { size: 2, same: 3 }])",
  },
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

test.run();
