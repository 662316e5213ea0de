// Two engines decide what a stage can run: the rules' reach, by names and scopes, says what is looked at; the bundler's tree shaking
// says what its identity rests on. They must find the same declarations, or code would run that no rule has looked at, or be edited
// without a trial being run again. Neither can be had from the other: rules need nodes, the way to them and whether they run on load;
// identity needs what the bundler resolves, packages and data included.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type LocatedExperiment, locateExperiments } from "../check/locate.ts";
import { moduleGraph } from "../rules/module-graph.ts";
import { Reach } from "../rules/reach.ts";
import { isTypeOnly } from "../rules/scope.ts";
import { ts } from "../typescript/ts-morph.ts";
import { slicesOf } from "./slice.ts";

const checkout = fileURLToPath(new URL("../../..", import.meta.url));
const folders: string[] = [];
test.after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function projectWith(fill: (root: string) => void): string {
  const root = mkdtempSync(path.join(tmpdir(), "lab-reach-"));
  folders.push(root);
  symlinkSync(path.join(checkout, "node_modules"), path.join(root, "node_modules"));
  fill(root);
  return root;
}

/** "path#name" of the top-level declarations that hold these nodes; what is no declaration of its own is left out. */
function declarationsOf(root: string, nodes: Iterable<ts.Node>): Set<string> {
  const names = new Set<string>();
  for (const node of nodes) {
    const name = declarationAround(node);
    if (name !== null) names.add(`${path.relative(root, node.getSourceFile().fileName)}#${name}`);
  }
  return names;
}

function isDeclaring(statement: ts.Statement): boolean {
  return (
    ts.isVariableStatement(statement) ||
    ts.isImportDeclaration(statement) ||
    ts.isExportDeclaration(statement)
  );
}

function namesOf(pattern: ts.BindingName): string[] {
  if (ts.isIdentifier(pattern)) return [pattern.text];
  return pattern.elements.flatMap((element) =>
    ts.isOmittedExpression(element) ? [] : namesOf(element.name),
  );
}

function declarationAround(node: ts.Node): string | null {
  let current = node;
  while (!ts.isSourceFile(current)) {
    const isTop = ts.isSourceFile(current.parent);
    if (ts.isVariableDeclaration(current) && ts.isSourceFile(current.parent.parent.parent))
      return namesOf(current.name).join(",");
    if (isTop && (ts.isFunctionDeclaration(current) || ts.isClassDeclaration(current)))
      return current.name?.text ?? "default";
    if (isTop && ts.isEnumDeclaration(current)) return current.name.text;
    // A definition is replaced by its stages, so only another default export counts.
    if (isTop && ts.isExportAssignment(current)) return "default";
    current = current.parent;
  }
  return null;
}

/**
 * The reach of an experiment's stages, with what the rules leave out on purpose: what performs effects, the schemas of rows, and
 * statements of a reached module that only run while it is loaded.
 */
function reached(root: string, experiment: LocatedExperiment): Set<string> {
  const graph = moduleGraph(root);
  const reach = new Reach(graph);
  const module = graph.moduleAt(experiment.source.getFilePath());
  const found = [...reach.of(experiment)];
  const series = experiment.properties.get("series");
  if (series !== undefined) found.push(...reach.from(module, series.node.compilerNode, "series"));
  for (const { declaration } of found)
    for (const performed of declaration.performed)
      for (const child of (performed as ts.Node).getChildren())
        found.push(...reach.from(declaration.module, child, "perform"));
  for (const loaded of new Set([module, ...found.map(({ declaration }) => declaration.module)]))
    for (const statement of loaded.source.statements)
      if (declarationAround(statement) === null && !isDeclaring(statement))
        found.push(...reach.from(loaded, statement, "loading"));
  const own = experiment.definition?.compilerNode;
  const isOwn = (node: ts.Node): boolean =>
    own !== undefined &&
    node.getSourceFile() === own.getSourceFile() &&
    node.pos >= own.pos &&
    node.end <= own.end;
  return declarationsOf(
    root,
    found.flatMap(({ declaration }) => (isOwn(declaration.node) ? [] : [declaration.node])),
  );
}

async function sliced(root: string, located: readonly LocatedExperiment[], at: number): Promise<Set<string>> {
  const { file, exportName, stages, definition } = located[at]!;
  const names = stages.map(({ name }) => name);
  const whole = definition === null || !names.includes("trial");
  const requests = [...names, ...(whole ? [null] : [])].map((stage) => ({ file, exportName, stage }));
  const slices = await slicesOf({ root, located, requests });
  const declared = new Set<string>();
  const source = (name: string): ts.SourceFile => moduleGraph(root).moduleAt(path.join(root, name)).source;
  for (const { symbols } of slices)
    for (const { name: symbol } of symbols) {
      if (symbol.startsWith("labwright/")) continue;
      const [from = "", name = ""] = symbol.split("#");
      if (topNames(source(from)).has(name)) declared.add(symbol);
    }
  return declared;
}

/** Names under which a slice lists the declarations of a module. Statements that only run and stages have names of other kinds. */
function topNames(source: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  for (const statement of source.statements) {
    if (isTypeOnly(statement)) continue;
    if (ts.isVariableStatement(statement))
      for (const { name } of statement.declarationList.declarations) names.add(namesOf(name).join(","));
    else {
      const name = declarationAround(statement);
      if (name !== null) names.add(name);
    }
  }
  return names;
}

/** Compares the two for every experiment of `files`; gives how many declarations were met. */
async function compare(root: string, files: readonly string[]): Promise<number> {
  const located = locateExperiments(root, files);
  let declarations = 0;
  for (const [at, experiment] of located.entries()) {
    const definitionName = declarationAround(experiment.call.compilerNode);
    const without = (names: Set<string>): string[] =>
      [...names].filter((name) => name !== `${experiment.file}#${definitionName}`).sort();
    const [byNames, byBundler] = [
      without(reached(root, experiment)),
      without(await sliced(root, located, at)),
    ];
    assert.equal(byNames, byBundler, `${experiment.file} ${experiment.exportName}`);
    declarations += byBundler.length;
  }
  return declarations;
}

test("over the project's own experiments both find the same declarations", async () => {
  const root = projectWith((folder) =>
    cpSync(path.join(checkout, "experiments"), path.join(folder, "experiments"), { recursive: true }),
  );
  const files = readdirSync(path.join(root, "experiments"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".experiment.ts"))
    .map((name) => path.join("experiments", name));
  assert.ok((await compare(root, files)) > 20);
});

/** Cases that come to no slice: a module that does not parse, packages that are nowhere, two stages of one name. */
const unbuildable = new Set(["bundle-failed", "packages-missing", "duplicate-stage"]);
const cases = fileURLToPath(new URL("../errors", import.meta.url));
for (const code of readdirSync(cases)) {
  test(`over the case of ${code} both find the same declarations`, async () => {
    const root = projectWith((folder) =>
      cpSync(path.join(cases, code), path.join(folder, code), { recursive: true }),
    );
    const files = readdirSync(path.join(root, code), { recursive: true, encoding: "utf8" })
      .filter((name) => /[.]experiment[.]ts$/.test(name))
      .map((name) => path.join(code, name));
    if (files.length > 0 && !unbuildable.has(code)) await compare(root, files);
    assert.ok(existsSync(root));
  });
}

const tricky: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "re-exports, stars, namespaces, defaults": {
    "a.ts":
      'export * from "./b.ts"; export * as deep from "./c.ts"; export { default as half } from "./d.ts";',
    "b.ts": "const base = 3; export const one = base; export const unused = 2;",
    "c.ts": "export const two = 2;",
    "d.ts": "const factor = 0.5; export default function half(x: number) { return x * factor; }",
    head: 'import { deep, half, one } from "./a.ts";',
    body: "half(one) + deep.two",
  },
  "destructured constants, enums, classes, defaults of parameters": {
    "a.ts":
      "export const { p, q: [r] } = { p: 1, q: [2] }; export class Base { n = 1; } export class Sub extends Base { m = seed; } const seed = 5; export const g = (x = other) => x; const other = 7; const never = 9; export const f = () => never;",
    head: 'import { g, p, Sub } from "./a.ts";',
    body: "g() + p + new Sub().m",
  },
  "tables filled on load, locals that shadow": {
    "a.ts":
      "const step = 2; export const table: number[] = []; for (let i = 0; i < 3; i++) table.push(i * step); export const x = 1; export const y = 2;",
    head: 'import { table, x } from "./a.ts"; const limit = 3; const unusedLimit = 4;',
    body: "(() => { const x = limit; return x; })() + table[0]!",
  },
  "a trial declared elsewhere, a helper used in stages only": {
    "a.ts":
      "export const solve = (n: number) => n * scale; const scale = 4; export const judge = (n: number) => n + bias; const bias = 1;",
    head: 'import { judge, solve } from "./a.ts";',
    rest: 'stages: ({ stage }) => { const start = solve(1); return { first: stage({ per: "build", run: () => start }) }; },',
    body: "judge(1)",
  },
};

for (const [what, { head = "", body = "1", rest = "", ...files }] of Object.entries(tricky)) {
  test(`over ${what} both find the same declarations`, async () => {
    const root = projectWith((folder) => {
      mkdirSync(folder, { recursive: true });
      for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
      writeFileSync(
        path.join(folder, "x.experiment.ts"),
        `import { defineExperiment, metric, sweep } from "labwright";
${head}
export default defineExperiment({
  name: "x",
  parameters: { size: sweep([1, 2]) },
  metrics: { score: metric.number() },
  ${rest}
  trial: ({ parameters }) => ({ score: parameters.size + (${body}) }),
});
`,
      );
    });
    assert.ok((await compare(root, ["x.experiment.ts"])) >= 2);
  });
}

async function hashOf(
  module: string,
  body: string,
): Promise<readonly [hash: string, names: readonly string[]]> {
  const root = projectWith((folder) => {
    writeFileSync(path.join(folder, "a.ts"), module);
    writeFileSync(path.join(folder, "b.ts"), "export const two = 2; export const three = 3;");
    writeFileSync(
      path.join(folder, "x.experiment.ts"),
      `import { defineExperiment, metric } from "labwright";
import { deep, Kind } from "./a.ts";
export default defineExperiment({ name: "x", parameters: {}, metrics: { score: metric.number() }, trial: () => ({ score: ${body} }) });
`,
    );
  });
  const located = locateExperiments(root, ["x.experiment.ts"]);
  const [slice] = await slicesOf({
    root,
    located,
    requests: [{ file: "x.experiment.ts", exportName: "default", stage: "trial" }],
  });
  return [slice!.hash, slice!.symbols.map(({ name }) => name)];
}

test("the two known differences are safe: a constant that is put in place, and a namespace that is handed on whole", async () => {
  const one = 'export enum Kind { A, B } export * as deep from "./b.ts";';
  const two = one.replace("A, B", "A = 5, B");
  const [before, named] = await hashOf(one, "Kind.A");
  const [after] = await hashOf(two, "Kind.A");
  assert.not(named.includes("a.ts#Kind"), "the bundler writes the value where it is used");
  assert.is.not(before, after, "its value counts all the same");
  const [, whole] = await hashOf(one, "deep.two");
  assert.equal(
    whole.filter((name) => name.startsWith("b.ts")),
    ["b.ts#two", "b.ts#three"],
    "more than is read, never less",
  );
});

test.run();
