// Every chart of a full report: valid against Vega-Lite's schema, pinned as a specification, and read back from its drawing.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv } from "ajv";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Analysis } from "../analysis/analysis.ts";
import { analyze } from "../analysis/analyze.ts";
import type { ComparisonFinding, CurveFinding } from "../analysis/finding.ts";
import { svgOf } from "../export/svg.ts";
import { fullResults } from "../testing/full-results.ts";
import { axisScale, pathsOf, rulesOf, sameNumbers, symbolsOf } from "../testing/read-svg.ts";
import type { Chart } from "./chart.ts";
import { chartsOf } from "./charts.ts";

const analyses: Readonly<Record<string, Analysis>> = {
  independent: await analyze(fullResults("independent")),
  paired: await analyze(fullResults("common-random-numbers")),
};
const chartsBy = (name: string): readonly Chart[] =>
  chartsOf(analyses[name]!.experiments[0]!).map(({ chart }) => chart);
const find = (name: string, ending: string): Chart => chartsBy(name).find(({ id }) => id.endsWith(ending))!;
const findingOf = <T>(name: string, kind: string): T =>
  // The fixture declares one finding of each kind, whose type the caller names.
  analyses[name]!.experiments[0]!.findings.find((finding) => finding.kind === kind) as T;

test("every chart is a valid Vega-Lite specification", () => {
  const path = createRequire(import.meta.url)
    .resolve("vega-lite")
    .replace(/build.*$/, "build/vega-lite-schema.json");
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(
    JSON.parse(readFileSync(path, "utf8")),
  );
  const kinds = new Set<string>();
  for (const name of Object.keys(analyses)) {
    for (const chart of chartsBy(name)) {
      kinds.add(chart.id.split("-").at(-1)!);
      assert.ok(validate(chart.spec), `${chart.id}: ${JSON.stringify(validate.errors?.slice(0, 2))}`);
    }
  }
  for (const kind of [
    "panels",
    "box",
    "ecdf",
    "quantiles",
    "power",
    "parallel",
    "forest",
    "slopes",
    "levels",
    "relation",
    "profile",
    "curve",
    "attrition",
  ]) {
    assert.ok(kinds.has(kind), `no ${kind} chart was made`);
  }
});

test("specifications change only on purpose (UPDATE_SNAPSHOTS=1 writes them anew)", () => {
  for (const name of Object.keys(analyses)) {
    const url = new URL(`./charts-${name}.snap.json`, import.meta.url);
    const text = `${JSON.stringify(
      chartsBy(name).map(({ id, title, caption, spec }) => ({
        id,
        title,
        caption,
        spec: { ...spec, config: "shared" },
      })),
      rounded,
      1,
    )}\n`;
    if (process.env.UPDATE_SNAPSHOTS === "1") writeFileSync(url, text);
    assert.is(
      text === readFileSync(url, "utf8"),
      true,
      `${url.pathname} differs; look at the charts, then UPDATE_SNAPSHOTS=1`,
    );
  }
});

/** Ten significant digits, because the last bits of exp and log may differ between machines; long data as count, ends and digest. */
function rounded(key: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isInteger(value)) return Number(value.toPrecision(10));
  if (!Array.isArray(value) || value.length <= 12 || key === "") return value;
  const digest = createHash("sha256")
    .update(
      JSON.stringify(value, (_key, item: unknown) =>
        typeof item === "number" ? Number(item.toPrecision(10)) : item,
      ),
    )
    .digest("hex")
    .slice(0, 16);
  return { count: value.length, first: value[0], last: value.at(-1), digest };
}

test("every chart has a caption that says what its marks are, and a text with numbers", () => {
  for (const chart of [...chartsBy("independent"), ...chartsBy("paired")]) {
    assert.ok(chart.caption.length > 40, chart.id);
    assert.match(chart.alt, /\d/, chart.id);
    assert.not.match(JSON.stringify([chart.alt, chart.caption]), /NaN|undefined|null|Infinity/);
  }
});

test("the forest plot draws each difference and its interval where the finding has them", async () => {
  for (const name of Object.keys(analyses)) {
    const { comparisons } = findingOf<ComparisonFinding>(name, "compare");
    const svg = await svgOf(find(name, "compare-profitgain-across-discount-forest"));
    const x = axisScale(svg, "x");
    sameNumbers(
      symbolsOf(svg, "differences").map((mark) => x.valueAt(mark.x)),
      comparisons.map(({ difference }) => difference!),
      1e-5,
    );
    const rules = rulesOf(svg, "intervals");
    sameNumbers(
      rules.map((rule) => x.valueAt(rule.x)),
      comparisons.map(({ interval }) => interval!.low),
      1e-5,
    );
    sameNumbers(
      rules.map((rule) => x.valueAt(rule.x2)),
      comparisons.map(({ interval }) => interval!.high),
      1e-5,
    );
  }
});

test("slopes draw their means where the finding has them", async () => {
  const slopes = await svgOf(find("paired", "compare-profitgain-across-discount-slopes"));
  const { levels } = findingOf<ComparisonFinding>("paired", "compare");
  const y = axisScale(slopes, "y");
  sameNumbers(
    symbolsOf(slopes, "means").map((mark) => y.valueAt(mark.y)),
    levels.map(({ mean }) => mean!),
    1e-5,
  );
});

test("the thick lines of the learning curves pass through the means of the finding", async () => {
  const finding = findingOf<CurveFinding>("independent", "curve");
  const svg = await svgOf(find("independent", "curve-of-price-curve"));
  const y = axisScale(svg, "y");
  const drawn = pathsOf(svg, "lines").map((line) => line.map((point) => y.valueAt(point.y)));
  assert.is(drawn.length, finding.lines.length);
  finding.lines.forEach((line, i) => {
    sameNumbers(
      drawn[i]!,
      line.points.map(({ mean }) => mean!),
      1e-5,
    );
  });
});

test.run();
