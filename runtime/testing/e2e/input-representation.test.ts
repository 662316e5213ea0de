// Promise: the study of input representations, run by the real command, gives the data that R was given, and its report and its
// exports print R's numbers.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { studentTUpperQuantile } from "../../../lib/stats/distribution/student-t.ts";
import { projectOf } from "./project.ts";

const study = new URL("../../../experiments/input-representation/", import.meta.url);
const reference = (name: string) => readFileSync(new URL(`reference/${name}`, study), "utf8");
const r = JSON.parse(reference("r.json"));
const project = projectOf(
  Object.fromEntries(
    readdirSync(study)
      .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
      .map((name) => [`study/${name}`, readFileSync(new URL(name, study), "utf8")]),
  ),
);
test.after(() => project.remove());

function lab(...args: string[]): string {
  const ended = project.lab(...args);
  assert.is(ended.code, 0, ended.all);
  return ended.stdout;
}

function same(ours: number, theirs: number, what: string): void {
  assert.ok(Math.abs(ours - theirs) <= 1e-9 * Math.abs(theirs), `${what}: ours ${ours}, R's ${theirs}`);
}

test("the run gives the numbers that R was given", () => {
  lab("run");
  const finals = "select networkType, replicate, winRate from trials order by networkType, replicate";
  const rounds =
    "select networkType, replicate, round, winRate from series_training order by networkType, replicate, round";
  assert.is(lab("query", finals, "--format", "csv"), reference("win-rates.csv"));
  assert.is(lab("query", rounds, "--format", "csv"), reference("training.csv"));
});

test("the report states R's numbers and draws the document's three charts", () => {
  lab("report", "--format", "json,svg,latex", "--output-dir", "report");
  const { experiments } = JSON.parse(project.read("report/report.json"));
  const { metrics, findings, description } = experiments[0];
  assert.match(description, /^SYNTHETIC/);
  const [comparison, curve] = findings;

  comparison.levels.forEach(
    (level: { level: string; n: number; mean: number; sd: number; interval: Ends }, at: number) => {
      const theirs = r.groups[level.level];
      for (const key of ["n", "mean", "sd"] as const) same(level[key], theirs[key], `${level.level} ${key}`);
      sameEnds(level.interval, theirs, level.level);
      const cell = metrics[0].cells[at];
      for (const key of ["min", "q1", "median", "q3", "max"])
        same(cell[key], theirs[key], `${level.level} ${key}`);
    },
  );

  const assumptions = new Map<string, { statistic: number; p: number }>(
    comparison.assumptions.map((check: { name: string }) => [check.name, check]),
  );
  for (const [name, { shapiroW, shapiroP }] of Object.entries<Record<string, number>>(r.groups)) {
    same(assumptions.get(`Shapiro-Wilk, ${name}`)!.statistic, shapiroW!, `${name} W`);
    same(assumptions.get(`Shapiro-Wilk, ${name}`)!.p, shapiroP!, `${name} Shapiro-Wilk p`);
  }

  assert.is(comparison.comparisons.length, 3);
  for (const theirs of r.pairs) {
    // The report says "second rather than first", so its differences are R's with the other sign.
    const what = `${theirs.second} rather than ${theirs.first}`;
    const ours = comparison.comparisons.find(({ label }: { label: string }) => label === what);
    const levene = assumptions.get(`Levene, ${theirs.second} and ${theirs.first}`)!;
    same(levene.statistic, theirs.levene.F, `${what} Levene F`);
    same(levene.p, theirs.levene.p, `${what} Levene p`);
    const chosen = theirs[theirs.chosen];
    same(ours.test.statistic, -chosen.t, `${what} statistic`);
    same(ours.test.p, theirs.p, `${what} p`);
    same(ours.pAdjusted, theirs.pBonferroni, `${what} adjusted p`);
    same(ours.difference, -theirs.difference, `${what} difference`);
    sameEnds(ours.interval, { low: -chosen.high, high: -chosen.low }, what);
    // R's is of one comparison by itself; the report's is found under the Bonferroni correction over the three, so it is larger.
    const { df, se: error } = chosen;
    same(
      (studentTUpperQuantile(0.025, df) + studentTUpperQuantile(0.2, df)) * error,
      chosen.detectable,
      what,
    );
    same(
      ours.detectable,
      (studentTUpperQuantile(0.025 / 3, df) + studentTUpperQuantile(0.2, df)) * error,
      `${what} detectable`,
    );
    assert.is(ours.effect.name, theirs.chosen === "student" ? "Cohen's d" : "Cohen's d_av");
    assert.is(
      ours.effect.label,
      `${theirs.cohen.label.replace("very small", "negligible")} by Cohen's convention`,
    );
    same(ours.effect.value, -theirs.cohen.d, `${what} d`);
    // The interval of d holds together with the others, so R's of one d by itself lies inside it.
    assert.ok(ours.effect.interval.low < -theirs.cohen.high && -theirs.cohen.low < ours.effect.interval.high);
    const [student, welch, , rank] = ours.robustness;
    same(student.p, theirs.student.p, `${what} Student`);
    same(welch.p, theirs.welch.p, `${what} Welch`);
    sameEnds(welch.interval, { low: -theirs.welch.high, high: -theirs.welch.low }, `${what} Welch`);
    same(rank.p, theirs.mannWhitney.pExact, `${what} Mann-Whitney`);
    same(rank.estimate, -theirs.mannWhitney.shift, `${what} shift`);
  }

  same(comparison.overall.statistic, r.anova.F, "F");
  same(comparison.overall.p, r.anova.p, "p of F");
  same(comparison.overallEffect.value, r.anova.etaSquared, "eta squared");
  // R sums the noncentral F to an error of 1e-9, so its ends are known to fewer digits.
  const { low, high } = comparison.overallEffect.interval;
  assert.ok(Math.abs(low - r.anova.etaLow) < 1e-8, `eta squared low: ours ${low}, R's ${r.anova.etaLow}`);
  assert.ok(
    Math.abs(high - r.anova.etaHigh) < 1e-8,
    `eta squared high: ours ${high}, R's ${r.anova.etaHigh}`,
  );

  assert.is(curve.band, "standard-deviation");
  for (const { networkType, round, ...theirs } of r.curves) {
    const line = curve.lines.find(({ label }: { label: string }) => label === networkType);
    const point = line.points.find(({ x }: { x: number }) => x === round);
    assert.is(line.runs.length, 7, "every single run is drawn");
    for (const key of ["n", "mean", "sd"])
      same(point[key], theirs[key], `${networkType} round ${round} ${key}`);
    sameEnds(point.interval, theirs, `${networkType} round ${round}`);
  }

  const drawn = readdirSync(project.path("report/charts"));
  // The document's bars with whiskers are means with intervals over the single runs here.
  for (const end of ["-points.svg", "-curve.svg", "-box.svg"])
    assert.is(drawn.filter((name) => name.endsWith(end)).length, 1, `one chart ${end}`);
});

test("the export script prints the document's JSON and LaTeX of the stored run, the same bytes each time", () => {
  const exported = (format: string) => {
    const tsx = fileURLToPath(new URL("../../../node_modules/tsx/dist/loader.mjs", import.meta.url));
    const ran = spawnSync(process.execPath, ["--import", tsx, "study/export.ts", format], {
      cwd: project.root,
      encoding: "utf8",
    });
    assert.is(ran.status, 0, ran.stderr);
    return ran.stdout;
  };
  const json = exported("json");
  assert.is(json, exported("json"));
  const { aggregated_results, statistical_tests } = JSON.parse(json);
  same(aggregated_results.embedding.mean, r.groups.embedding.mean, "mean");
  same(statistical_tests.pairwise_ttests.embedding_vs_multi_encoder.p_value, r.pairs[2].p, "p");
  assert.match(
    exported("latex"),
    /\\caption\{Win Rate by Network Type\}[\s\S]*\nMulti Encoder & 7 & 74\.1\\%/,
  );
});

interface Ends {
  readonly low: number;
  readonly high: number;
}

function sameEnds(ours: Ends, theirs: Ends, what: string): void {
  same(ours.low, theirs.low, `${what} low`);
  same(ours.high, theirs.high, `${what} high`);
}

test.run();
