// What an editor shows while an experiment is being written: completions and error texts, asked of TypeScript's language service.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { test } from "uvu";
import * as assert from "uvu/assert";

const root = fileURLToPath(new URL("../..", import.meta.url));

type Places = Readonly<Record<string, string>>;

/** An experiment with one of its places replaced. */
function source(places: Places): string {
  const text = {
    parameters: `{ firms: sweep([2, 3]), discount: sweep([0, 0.5, 0.95]), mode: sweep(["fast", "slow"]), memory: 1 }`,
    trial: `trial({ parameters }) {
      return { profitGain: parameters.discount, periods: 3, ended: true };
    }`,
    replicates: "replicate(50, { seed: 2020 })",
    analyses: "",
    extra: "",
    ...places,
  };
  return `import { command, defineExperiment, metric, parameter, replicate, space, sweep } from "labwright";
    import { z } from "zod";
    export default defineExperiment({
    name: "probe",
    parameters: ${text.parameters},
    replicates: ${text.replicates},
    metrics: { profitGain: metric.number(), periods: metric.integer(), ended: metric.boolean() },
    series: { rounds: z.object({ period: z.int(), price: z.number() }) },
    ${text.extra}
    ${text.trial},
    analyses: ({ compare, curve, mainEffect, expect }) => [${text.analyses}],
  });`;
}

/** All probes are files of one program, so that the library is checked once. */
const probes = new Map<string, string>();
const config = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
const host: ts.LanguageServiceHost = {
  getCompilationSettings: () => options,
  getScriptFileNames: () => [...probes.keys()],
  getScriptVersion: () => "0",
  getScriptSnapshot(file) {
    const content = probes.get(file) ?? ts.sys.readFile(file);
    return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
  },
  getCurrentDirectory: () => root,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: (file) => probes.has(file) || ts.sys.fileExists(file),
  readFile: ts.sys.readFile,
  readDirectory: ts.sys.readDirectory,
  directoryExists: ts.sys.directoryExists,
};
const service = ts.createLanguageService(host);

function addProbe(content: string): string {
  const file = `${root}experiments/probe-${probes.size}.experiment.ts`;
  probes.set(file, content);
  return file;
}

/** What is offered at the cursor, written `|>`: those entries that `keep` keeps. */
function offers(name: string, places: Places, expected: readonly string[], keep = (_: string) => true): void {
  const marked = source(places);
  const file = addProbe(marked.replace("|>", ""));
  test(name, () => {
    const found = service.getCompletionsAtPosition(file, marked.indexOf("|>"), {});
    const names = (found?.entries ?? []).map((entry) => entry.name).filter(keep);
    assert.equal(names.sort(), expected);
  });
}

/** What the last line of each error of a probe says, which names the cause; the whole of it stays readable. */
function reports(name: string, places: Places, expected: readonly string[]): void {
  const file = addProbe(source(places));
  test(name, () => {
    const errors = service
      .getSemanticDiagnostics(file)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
    assert.is(errors.length, expected.length, errors.join("\n"));
    expected.forEach((part, i) => {
      assert.ok(errors[i]?.split("\n").at(-1)?.includes(part), errors[i]);
    });
    for (const error of errors) assert.ok(error.length < 1500, error);
  });
}

const metrics = ["ended", "periods", "profitGain"];
const factors = ["discount", "firms", "mode"];
const isNumber = (name: string): boolean => /^[\d.]+$/.test(name);

reports(
  "a stopping rule over an unknown metric or factor",
  { replicates: `replicate.until({ metric: "profit", decided: { across: "memory" }, max: 9 })` },
  [`Type '"profit"' is not assignable to type '"profitGain" | "periods" | "ended"'`],
);
offers('at compare(" the metrics', { analyses: `compare("|>")` }, metrics);
offers(
  'at compare(" the metrics, with options written',
  { analyses: `compare("|>", { across: "firms" })` },
  metrics,
);
offers('at expect(" the metrics', { analyses: `expect("|>")` }, metrics);
offers(
  'at across: " the factors, and no constant',
  { analyses: `compare("periods", { across: "|>" })` },
  factors,
);
offers('at mainEffect(" the factors', { analyses: `mainEffect("|>")` }, factors);
offers(
  'at baseline: " the levels of that factor',
  { analyses: `compare("periods", { across: "mode", baseline: "|>" })` },
  ["fast", "slow"],
);
offers(
  "at baseline: the levels that are numbers",
  { analyses: `compare("periods", { across: "discount", baseline: |> })` },
  ["0", "0.5", "0.95"],
  isNumber,
);
offers('at curve(" the series', { analyses: `curve("|>")` }, ["rounds"]);
offers('at x: " the columns', { analyses: `curve("rounds", { x: "|>", y: "price" })` }, ["period", "price"]);
offers('at primary: " the metrics', { extra: `primary: "|>",` }, metrics);
offers(
  'at uses: [" the parameters',
  { extra: `stages: ({ stage }) => ({ market: stage({ per: "condition", uses: ["|>"], run: () => 1 }) }),` },
  ["discount", "firms", "memory", "mode"],
);
offers("at where: the levels", { analyses: `expect("periods").toBeAbove(0, { where: { mode: "|>" } })` }, [
  "fast",
  "slow",
]);

const branches = `space.oneOf("kind", { greedy: { step: sweep([1, 2]) }, annealing: { cooling: sweep([0.9, 0.99]) } })`;
const ends = "return { profitGain: 1, periods: 3, ended: true };";
offers(
  'at parameters.kind === " the branches',
  {
    parameters: branches,
    trial: `trial({ parameters }) { if (parameters.kind === "|>") throw new Error(); ${ends} }`,
  },
  ["annealing", "greedy"],
);
offers(
  "within a branch its parameters",
  {
    parameters: branches,
    trial: `trial({ parameters }) { if (parameters.kind === "greedy") parameters.|>; ${ends} }`,
  },
  ["kind", "step"],
);
offers('at record(" the series', { trial: `trial({ record }) { record("|>"); ${ends} }` }, ["rounds"]);
offers("at a row its columns", { trial: `trial({ record }) { record("rounds", { |> }); ${ends} }` }, [
  "period",
  "price",
]);

reports(
  "a sound experiment has no errors",
  { analyses: `compare("profitGain", { across: "discount", baseline: 0.95 })` },
  [],
);
reports("a misspelt metric", { analyses: `compare("profitGian", { across: "firms" })` }, [
  `'"profitGian"' is not assignable to parameter of type '"profitGain" | "periods" | "ended"'`,
]);
reports("a factor that is not swept", { analyses: `compare("profitGain", { across: "memory" })` }, [
  `Type '"memory"' is not assignable to type '"firms" | "discount" | "mode"'`,
]);
const program = (run: string, more = ""): string =>
  `trial: command({ run: ["sh", ${run}], metrics: { json: "out.json", names: { periods: "p" ${more} } } })`;
reports(
  "a program that names what there is",
  { trial: program('parameter("firms"), parameter("memory")') },
  [],
);
reports("a parameter that a program names and nobody has", { trial: program('parameter("firm")') }, [
  `Type '"firm"' is not assignable to type '"memory" | "firms" | "discount" | "mode"'`,
]);
reports("a metric that a program names and nobody has", { trial: program('"x"', ', profit: "q"') }, [
  `is not assignable to type '"profitGain" | "periods" | "ended"'`,
]);
reports(
  "a baseline that is no level",
  { analyses: `compare("profitGain", { across: "discount", baseline: 0.9 })` },
  [`Type '0.9' is not assignable to type '0 | 0.5 | 0.95'`],
);
reports("a metric that is not returned", { trial: "trial() { return { profitGain: 1, ended: true }; }" }, [
  `Property 'periods' is missing in type`,
]);
reports(
  "a misspelt returned metric",
  { trial: "trial() { return { profitGain: 1, perods: 2, ended: true }; }" },
  [`Property 'periods' is missing in type`],
);
reports(
  "a returned metric of the wrong type",
  { trial: 'trial() { return { profitGain: 1, periods: "2", ended: true }; }' },
  [`Type 'string' is not assignable to type 'number'`],
);
reports(
  "a row with a wrong column",
  { trial: `trial({ record }) { record("rounds", { period: 1, prize: 2 }); ${ends} }` },
  [`'prize' does not exist in type '{ period: number; price: number; }'. Did you mean to write 'price'?`],
);
reports(
  "a row of a series that is not declared",
  { trial: `trial({ record }) { record("round", { period: 1, price: 2 }); ${ends} }` },
  [`Argument of type '"round"' is not assignable to parameter of type '"rounds"'`],
);
reports(
  "a parameter of another branch",
  {
    parameters: branches,
    trial: `trial({ parameters }) { if (parameters.kind === "greedy") parameters.cooling; ${ends} }`,
  },
  [`Property 'cooling' does not exist on type`],
);
reports(
  "a branch that does not exist",
  {
    parameters: branches,
    trial: `trial({ parameters }) { if (parameters.kind === "gredy") throw new Error(); ${ends} }`,
  },
  [`'"greedy" | "annealing"' and '"gredy"' have no overlap`],
);
reports("a parameter that does not exist", { trial: `trial({ parameters }) { parameters.firmz; ${ends} }` }, [
  `Did you mean 'firms'?`,
]);
reports("a function as parameter", { parameters: "{ firms: () => 2 }", trial: `trial() { ${ends} }` }, [
  `Type '() => number' is not assignable to type 'Sweep<unknown> | Json'`,
]);
reports(
  "a stage that returns a function",
  { extra: `stages: ({ stage }) => ({ a: stage({ per: "build", run: () => ({ f: () => 1 }) }) }),` },
  [`a stage returns JSON data: no functions`],
);
reports("a primary metric that is not declared", { extra: `primary: "profit",` }, [
  `Type '"profit"' is not assignable to type '"profitGain" | "periods" | "ended"'`,
]);

const manual = readFileSync(`${root}docs/experiment.md`, "utf8");
const examples = [...manual.matchAll(/^```ts\n(.*?)^```/gms)].map((match) => match[1] ?? "");

test("the manual has examples", () => {
  assert.ok(examples.length >= 4);
});

examples.forEach((example, i) => {
  const file = addProbe(example);
  test(`example ${i + 1} of docs/experiment.md compiles as a module of its own`, () => {
    const errors = [...service.getSyntacticDiagnostics(file), ...service.getSemanticDiagnostics(file)];
    assert.equal(
      errors.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
      [],
    );
  });
});

test.run();
