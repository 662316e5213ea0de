// NIST's Statistical Reference Datasets: certified F of analysis of variance and the certified line of Norris.
// LRE is the number of correct digits, -log10 of the relative error. Source: www.itl.nist.gov/div898/strd.
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { linearRegression } from "./linear-regression.ts";
import { anova } from "./means/anova.ts";

function read(name: string): string[] {
  const plain = new URL(`./reference/nist/${name}.dat`, import.meta.url);
  const packed = new URL(`./reference/nist/${name}.dat.gz`, import.meta.url);
  const text = existsSync(plain) ? readFileSync(plain) : gunzipSync(readFileSync(packed));
  return text.toString("utf8").split(/\r?\n/);
}

const digits = (actual: number, certified: number) =>
  Math.min(15, -Math.log10(Math.max(Math.abs(actual - certified) / Math.abs(certified), 1e-16)));

const wanted: Readonly<Record<string, number>> = {
  SiRstv: 12,
  AtmWtAg: 9.5,
  SmLs01: 10,
  SmLs02: 10,
  SmLs03: 10,
  SmLs04: 10,
  SmLs05: 10,
  SmLs06: 10,
  SmLs07: 4,
  SmLs08: 4,
  SmLs09: 4,
};
for (const [name, least] of Object.entries(wanted))
  test(`F of ${name} has at least ${least} correct digits`, () => {
    const lines = read(name);
    const certified = Number(
      lines
        .find((line) => line.startsWith("Between"))!
        .trim()
        .split(/\s+/)
        .at(-1),
    );
    const groups = new Map<string, number[]>();
    for (const line of lines.slice(60)) {
      const [group, value] = line.trim().split(/\s+/);
      if (group === undefined || value === undefined) continue;
      const values = groups.get(group);
      if (values === undefined) groups.set(group, [Number(value)]);
      else values.push(Number(value));
    }
    const found = digits(anova([...groups.values()]).statistic, certified);
    console.log(`  ${name} ${found.toFixed(1)}`);
    assert.ok(found >= least, `${found} digits`);
  });

test("the line of Norris has at least 12 correct digits", () => {
  const rows = read("Norris")
    .slice(60)
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter((row) => row.length === 2);
  const fit = linearRegression({ x: rows.map((row) => row[1]!), y: rows.map((row) => row[0]!) });
  const certified: [number, number][] = [
    [fit.slope.value, 1.00211681802045],
    [fit.slope.standardError!, 0.429796848199937e-3],
    [fit.intercept.value, -0.262323073774029],
    [fit.intercept.standardError!, 0.232818234301152],
    [fit.residualSd, 0.884796396144373],
    [fit.rSquared, 0.999993745883712],
    [fit.f, 5436385.54079785],
  ];
  for (const [actual, expected] of certified)
    assert.ok(digits(actual, expected) >= 11.5, `${actual} is not ${expected}`);
});

test.run();
