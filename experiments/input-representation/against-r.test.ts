// Promise: every number of the document's analysis is R's, to 1e-9. reference/r.json was made by reference/reference.R from
// reference/win-rates.csv, which the end-to-end test holds against a run.
import { readFileSync } from "node:fs";
import { cohensD, levene, mannWhitney, student, welch } from "labwright/stats";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { analyseAsDocument } from "./document-analysis.ts";
import { jsonOf, latexOf } from "./document-export.ts";

const read = (name: string) => readFileSync(new URL(`reference/${name}`, import.meta.url), "utf8");
const r = JSON.parse(read("r.json"));
const groups: Record<string, number[]> = {};
for (const line of read("win-rates.csv").trim().split("\n").slice(1)) {
  const [name = "", , value] = line.split(",");
  groups[name] = [...(groups[name] ?? []), Number(value)];
}
const analysis = analyseAsDocument(groups);

function same(ours: number, theirs: number, what: string): void {
  assert.ok(Math.abs(ours - theirs) <= 1e-9 * Math.abs(theirs), `${what}: ours ${ours}, R's ${theirs}`);
}

test("three groups of seven runs are described as R describes them", () => {
  assert.equal(Object.keys(analysis.groups), ["boolean", "embedding", "multi_encoder"]);
  for (const [name, ours] of Object.entries(analysis.groups)) {
    const theirs = r.groups[name];
    assert.is(ours.n, 7);
    for (const key of ["n", "mean", "sd", "se", "min", "max", "median"] as const)
      same(ours[key], theirs[key], `${name} ${key}`);
    same(ours.interval[0], theirs.low, `${name} low`);
    same(ours.interval[1], theirs.high, `${name} high`);
    same(ours.normality.statistic, theirs.shapiroW, `${name} W`);
    same(ours.normality.p, theirs.shapiroP, `${name} Shapiro-Wilk p`);
  }
});

test("the ladder chooses R's test for each pair, with R's statistic, p, Bonferroni p and Cohen's d", () => {
  assert.is(analysis.pairs.length, 3);
  analysis.pairs.forEach((ours, at) => {
    const theirs = r.pairs[at];
    const what = `${ours.first} and ${ours.second}`;
    assert.equal([ours.first, ours.second], [theirs.first, theirs.second]);
    assert.match(
      ours.test.method,
      { student: /^Student/, welch: /^Welch/, mannWhitney: /^Mann/ }[theirs.chosen as "welch"],
    );
    const chosen = theirs[theirs.chosen];
    same(ours.test.statistic, chosen.t ?? chosen.U, `${what} statistic`);
    same(ours.test.p, theirs.p, `${what} p`);
    same(ours.pBonferroni, theirs.pBonferroni, `${what} Bonferroni`);
    same(ours.equalVariances.statistic, theirs.levene.F, `${what} Levene F`);
    same(ours.equalVariances.p, theirs.levene.p, `${what} Levene p`);
    same(ours.cohensD, theirs.cohen.d, `${what} d`);
    assert.is(ours.size, theirs.cohen.label.replace("very small", "negligible"));
  });
});

test("the rungs that were not chosen are R's too: Student, Welch and Mann-Whitney of every pair, with intervals", () => {
  for (const theirs of r.pairs) {
    const samples = { x: groups[theirs.first]!, y: groups[theirs.second]! };
    const what = `${theirs.first} and ${theirs.second}`;
    for (const [name, ours] of [
      ["student", student(samples)],
      ["welch", welch(samples)],
    ] as const) {
      same(ours.statistic, theirs[name].t, `${what} ${name} t`);
      same(ours.df[0]!, theirs[name].df, `${what} ${name} df`);
      same(ours.p, theirs[name].p, `${what} ${name} p`);
      same(ours.estimate.value, theirs.difference, `${what} difference`);
      same(ours.estimate.low, theirs[name].low, `${what} ${name} low`);
      same(ours.estimate.high, theirs[name].high, `${what} ${name} high`);
    }
    const exact = mannWhitney(samples);
    same(exact.statistic, theirs.mannWhitney.U, `${what} U`);
    same(exact.p, theirs.mannWhitney.pExact, `${what} exact p`);
    same(exact.estimate.value, theirs.mannWhitney.shift, `${what} shift`);
    same(
      mannWhitney({ ...samples, variant: "asymptotic" }).p,
      theirs.mannWhitney.pAsymptotic,
      `${what} asymptotic p`,
    );
    const d = cohensD(samples);
    same(d.low, theirs.cohen.low, `${what} d low`);
    same(d.high, theirs.cohen.high, `${what} d high`);
  }
  const spread = levene(Object.values(groups), { center: "mean" });
  same(spread.statistic, r.leveneOfAll.F, "Levene F of all groups");
  same(spread.p, r.leveneOfAll.p, "Levene p of all groups");
});

test("the analysis of variance and eta squared are R's", () => {
  assert.equal(analysis.anova.df, [r.anova.df1, r.anova.df2]);
  same(analysis.anova.statistic, r.anova.F, "F");
  same(analysis.anova.p, r.anova.p, "p");
  same(analysis.etaSquared, r.anova.etaSquared, "eta squared");
});

test("groups that are not normal go to Mann-Whitney, those that only spread differently to Welch", () => {
  const even = [1, 2, 3, 4, 5, 6, 7];
  const skewed = [1, 1.1, 1.2, 1.3, 1.4, 1.5, 20];
  const wide = [-60, -40, -20, 0.5, 20, 40, 60];
  const methodOf = (x: number[], y: number[]) => analyseAsDocument({ x, y }).pairs[0]!.test.method;
  assert.match(methodOf(even, skewed), /^Mann-Whitney/);
  assert.match(methodOf(even, wide), /^Welch/);
});

test("the JSON has the document's keys and every number of the analysis, with the run's date", () => {
  const json = JSON.parse(jsonOf(analysis, "2026-01-19T12:00:00.000Z"));
  assert.equal(Object.keys(json), ["generated_at", "aggregated_results", "statistical_tests"]);
  assert.is(json.generated_at, "2026-01-19T12:00:00.000Z");
  const { boolean } = json.aggregated_results;
  for (const key of ["n_runs", "mean", "std", "ci_95_lower", "ci_95_upper"])
    assert.type(boolean[key], "number");
  same(boolean.std, r.groups.boolean.sd, "std");
  same(boolean.ci_95_upper, r.groups.boolean.high, "ci_95_upper");
  const tests = json.statistical_tests;
  assert.equal(
    Object.keys(tests.pairwise_ttests),
    r.pairs.map(({ first, second }: { first: string; second: string }) => `${first}_vs_${second}`),
  );
  assert.equal(
    Object.values<{ significant: boolean }>(tests.pairwise_ttests).map(({ significant }) => significant),
    r.pairs.map(({ pBonferroni }: { pBonferroni: number }) => pBonferroni < 0.05),
  );
  same(tests.anova.eta_squared, r.anova.etaSquared, "eta_squared");
});

test("the LaTeX table is the document's, with R's numbers", () => {
  const lines = latexOf(analysis).split("\n");
  assert.is(lines[5], "Network Type & N & Mean & Std & 95\\% CI \\\\");
  const percent = (share: number) => `${(100 * share).toFixed(1)}\\%`;
  const { mean, sd, low, high } = r.groups.multi_encoder;
  assert.is(
    lines[9],
    `Multi Encoder & 7 & ${percent(mean)} & ${percent(sd)} & [${percent(low)}, ${percent(high)}] \\\\`,
  );
});

test.run();
