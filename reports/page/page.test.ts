// The page as its reader gets it: one file, nothing fetched, nothing hostile alive, every number there without the script.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { notRunCode, outcomeCodes } from "../../runtime/record/outcome.ts";
import { decimalsFor, intervalText, numberText } from "../analysis/words/number-text.ts";
import { composeReport } from "../report.ts";
import { fullResults } from "../testing/full-results.ts";
import { compareSpec, gateSpec } from "../testing/specs.ts";
import {
  numberMetric,
  type SyntheticOptions,
  syntheticResults,
  syntheticTable,
} from "../testing/synthetic-results.ts";
import { dataTable } from "./data-table.ts";
import { pageOf } from "./page.ts";

async function pageFor(options: Partial<SyntheticOptions>): Promise<string> {
  const table = syntheticTable({
    factors: { a: [0, 1] },
    replicates: 5,
    metrics: { m: numberMetric() },
    value: ({ noise }) => noise,
    analyses: [compareSpec("m", "a")],
    ...options,
  });
  const { analysis, charts } = await composeReport(syntheticResults([table]));
  return pageOf(analysis, charts);
}

const textOf = (page: string) =>
  page
    .replace(/<(script|style)>.*?<\/\1>/gs, "")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ");

const full = await composeReport(fullResults("independent"));
const page = pageOf(full.analysis, full.charts);
/** Forests and rows of levels are tables on the page. */
const shown = full.charts.filter(({ chart }) => chart.isForFiles !== true);

test("the page asks for nothing: no address but namespaces and its own anchors", () => {
  const addresses = [...page.matchAll(/(?:href|src|srcset|action|data|poster)="([^"]*)"/g)].map(
    (match) => match[1]!,
  );
  assert.equal(
    addresses.filter((address) => !address.startsWith("#")),
    [],
  );
  assert.not.match(page.replaceAll(/xmlns(:xlink)?="[^"]*"/g, ""), /https?:\/\//);
  assert.not.match(page, /@import|url\((?!#)/);
});

test("text from a trial's error is shown, never run", () => {
  assert.not.match(page, /<script>alert/);
  assert.match(page, /&lt;script&gt;alert\(&quot;no equilibrium&quot;\)&lt;\/script&gt; &amp; more/);
  assert.is([...page.matchAll(/<script\b/g)].length, 1);
});

test("every mean and interval of every metric stands in the page as text", () => {
  const text = textOf(page);
  for (const metric of full.analysis.experiments[0]!.metrics) {
    const widths = metric.cells.flatMap(({ interval }) =>
      interval === null ? [] : [(interval.high - interval.low) / 2],
    );
    const decimals = decimalsFor(Math.min(...widths));
    for (const cell of metric.cells) {
      assert.ok(text.includes(numberText(cell.mean, decimals)), `${metric.name}: mean ${cell.mean}`);
      if (cell.interval !== null)
        assert.ok(text.includes(intervalText(cell.interval, decimals)), `${metric.name}: ${cell.condition}`);
    }
  }
});

test("an answer whose gate failed is marked, one that passed is not", async () => {
  const gates = await pageFor({
    analyses: [
      gateSpec("m", { kind: "below", bound: 1000 }, { name: "met" }),
      gateSpec("m", { kind: "above", bound: 1000 }, { name: "missed" }),
    ],
  });
  const section = /<section id="gates".*?<\/section>/s.exec(gates)![0];
  const rows = section.match(/<tr id=.*?<\/tr>/gs)!;
  assert.match(rows[0]!, /m above 1,?000.*alarm">▲ Fails/s);
  assert.match(rows[1]!, /m below 1,?000.*● Passes/s);
  assert.match(gates, /<li class="bad"><a href="#gates">1 gate fails<\/a> of 2: m above 1,?000/);
  assert.match(gates, /class="alarm" href="#gates">▲ 1 gate fails/);
});

test("every sentence, reason, caption, seed and version of the analysis is on the page", () => {
  const text = textOf(page)
    .replaceAll("&#39;", "'")
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&amp;", "&");
  const { findings, design } = full.analysis.experiments[0]!;
  for (const { sentences, reason } of findings) {
    for (const sentence of [...sentences, reason]) assert.ok(text.includes(sentence), sentence);
  }
  for (const { chart } of shown) assert.ok(text.includes(chart.caption), chart.id);
  const { provenance } = full.analysis;
  for (const fact of [
    design.seed,
    provenance.gitCommit!,
    provenance.lockfileHash!,
    provenance.node,
    provenance.command,
    provenance.build,
  ])
    assert.ok(text.includes(fact), fact);
});

test("every drawing has a title and the numbers in words, and no id is used twice", () => {
  const hidden = [...page.matchAll(/<svg [^>]*aria-hidden="true"/g)].length;
  const nested = [...page.matchAll(/<svg x=/g)].length;
  assert.is([...page.matchAll(/<svg/g)].length - hidden - nested, shown.length);
  assert.is([...page.matchAll(/<svg [^>]*role="img" aria-labelledby=/g)].length, shown.length);
  const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]!);
  assert.equal(
    ids.filter((id, i) => ids.indexOf(id) !== i),
    [],
  );
});

test("every finding has its row in the one table, the answer among them, and no drawing stands twice", () => {
  const table = /<table class="data findings">.*?<\/table>/s.exec(page)![0];
  for (const { id } of full.analysis.experiments[0]!.findings.filter(({ kind }) => kind !== "gate")) {
    assert.match(table, new RegExp(`href="#finding-${id}"`));
    assert.is([...page.matchAll(new RegExp(`id="finding-${id}"`, "g"))].length, 1);
  }
  assert.match(table, /<span class="tag">· primary<\/span>/);
  for (const { chart } of shown) assert.is(page.split(`<figure id="${chart.id}"`).length, 2, chart.id);
});

test("the answer stands before every other section, with its estimate and its drawing", () => {
  const answer = /<header id="answer">.*?<\/header>/s.exec(page)![0];
  assert.ok(page.indexOf(answer) < page.indexOf("<section"));
  assert.match(
    answer,
    /<h1>.*<p class="verdict">.*<span class="number">.*<table class="rows[^"]*">.*<figure/s,
  );
});

test("what limits the answer stands under it, what failed first, four notes in sight", async () => {
  const limited = await pageFor({
    factors: { a: [0, 1], b: [7], c: [8], d: [9] },
    metrics: { m: numberMetric({ range: [-100, 100] }) },
    outcome: ({ replicate }) => (replicate === 2 ? { code: outcomeCodes.failed, message: "boom" } : null),
    analyses: [compareSpec("m", "a"), gateSpec("m", { kind: "above", bound: 1000 })],
  });
  const [notes] = /<ul class="notes".*?<\/ul>/s.exec(limited)!;
  const items = notes.match(/<li.*?<\/li>/gs)!;
  assert.is(items.length, 4);
  assert.match(items[0]!, /class="bad".*1 gate fails/s);
  assert.match(items[1]!, /class="bad".*2 of 10 planned trials ended without a measurement/s);
  assert.match(limited, /<summary>\d more notes?<\/summary>/);
  assert.ok(
    limited.indexOf("<h1>") < limited.indexOf(notes) && limited.indexOf(notes) < limited.indexOf("<h2>"),
  );
});

test("tables have heads with a scope, and scroll in a place with a name where there is no room", () => {
  const tables = [...page.matchAll(/<table class="data[^"]*">/g)].length;
  assert.is(
    [
      ...page.matchAll(
        /<div class="scroll" tabindex="0" role="region" aria-label="[^"]+"><table class="data/g,
      ),
    ].length,
    tables,
  );
  assert.is([...page.matchAll(/<th(?=[ >])(?![^>]*scope=)/g)].length, 0);
});

test("inconclusive rows are grey and hollow and say so in words; their estimate leads in grey", async () => {
  const open = await pageFor({ replicates: 8 });
  assert.match(open, /<p class="estimate open">/);
  assert.match(open, /<tr class="row open"[^>]*>.*?class="marks open".*?class="hollow".*?inconclusive/s);
  assert.match(open, /1 of 1 finding is inconclusive\.<\/a> That is no evidence of no difference/);
});

test("the same results give the same page, byte for byte", async () => {
  const again = await composeReport(fullResults("independent"));
  assert.is(pageOf(again.analysis, again.charts) === page, true);
});

const degenerate: readonly (readonly [string, Partial<SyntheticOptions>, RegExp])[] = [
  ["one level", { factors: { a: [0] } }, /The factor a has one level \(0\), so it has no effect to estimate/],
  ["no factor", { factors: {}, analyses: [] }, /No parameter varies: there is one condition/],
  ["equal values", { value: () => 0.5 }, /m is 0\.5 in all 10 measured trials: there is nothing to compare/],
  ["one replicate", { replicates: 1 }, /one value: no interval/],
  [
    "nothing measured",
    { outcome: () => ({ code: outcomeCodes.failed, message: "boom" }) },
    /No trial was measured/,
  ],
  ["nothing run", { outcome: () => ({ code: notRunCode, message: "not run" }) }, /No trial was measured/],
  [
    "an arm without success",
    {
      outcome: ({ condition }) =>
        condition.a === 1 ? { code: outcomeCodes.censored, message: "censored" } : null,
    },
    /No trial succeeded in one arm: a = 1/,
  ],
  [
    "a run in progress",
    { outcome: ({ replicate }) => (replicate > 2 ? { code: notRunCode, message: "not run" } : null) },
    /The run is not complete: 4 of 10 planned trials have not been run/,
  ],
  [
    "a category",
    {
      metrics: { m: numberMetric({ type: "category", categories: ["x", "y"] }) },
      value: ({ noise }) => (noise > 0 ? 1 : 0),
    },
    /m is a category, which has no mean/,
  ],
];

for (const [name, options, expected] of degenerate) {
  test(`degenerate data (${name}) give a page that says so, without NaN`, async () => {
    const text = textOf(await pageFor(options));
    assert.match(text, expected);
    assert.not.match(text, /NaN|undefined|Infinity|\[object/);
  });
}

test("names and levels with markup, quotes and odd characters are text everywhere", async () => {
  const nasty = `a"<b>'&\\`;
  const text = await pageFor({
    name: nasty,
    question: nasty,
    factors: { a: [nasty, "–", ""] },
    analyses: [compareSpec("m", "a")],
  });
  assert.not.match(text, /<b>'/);
  assert.match(textOf(text), /a&quot;&lt;b&gt;&#39;&amp;\\/);
});

test("a constant as long as a prompt is folded, whole, beside the short ones", async () => {
  const prompt = "Name a price. ".repeat(500).trim();
  const table = syntheticTable({
    factors: { a: [0, 1] },
    replicates: 5,
    metrics: { m: numberMetric() },
    value: ({ noise }) => noise,
  });
  const constants = { memory: 1, prompt };
  const { analysis, charts } = await composeReport(
    syntheticResults([{ ...table, experiment: { ...table.experiment, constants } }]),
  );
  const whole = pageOf(analysis, charts);
  assert.match(whole, /constant: memory 1</);
  const [, folded] =
    /<details[^>]*><summary>constant: prompt, 6999 characters<\/summary>(.*?)<\/details>/s.exec(whole) ?? [];
  assert.ok(folded?.includes(prompt));
  assert.is(whole.split(prompt).length, 2, "nowhere else");
});

test("a table of more than 200 rows shows 100 and says where the rest is", () => {
  const rows = Array.from({ length: 201 }, (_, i) => i);
  const table = (shown: readonly number[]) =>
    dataTable({ caption: "c", name: "t", columns: [{ head: "i", show: (i: number) => i }], rows: shown })
      .html;
  assert.is(table(rows.slice(1)).match(/<tr>/g)?.length, 201);
  assert.is(table(rows).match(/<tr>/g)?.length, 101);
  assert.match(table(rows), /The first 100 of 201 rows; all of them are in the CSV and JSON files/);
});

test.run();
