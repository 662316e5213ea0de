// Relation, profile, curve and custom findings against the statistics they must agree with.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { tInterval } from "../../../lib/stats/means/t-interval.ts";
import { multipleRegression } from "../../../lib/stats/regression/multiple-regression.ts";
import { aggregates, probabilityOfImprovement } from "../../../lib/stats/rliable.ts";
import { cellsOf } from "../../design/cells.ts";
import { curveSpec, profileSpec, relationSpec } from "../../testing/specs.ts";
import { numberMetric, patienceTable, syntheticResults } from "../../testing/synthetic-results.ts";
import { analyze } from "../analyze.ts";
import type { CurveFinding, CustomFinding, ProfileFinding, RelationFinding } from "../finding.ts";

const near = (actual: number, expected: number, tolerance = 1e-9) =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );

test("with one combination of the other factors a relation is the least-squares line of all trials", async () => {
  const table = patienceTable({
    factors: { discount: [0, 0.5, 0.95] },
    analyses: [relationSpec("periods", "discount")],
  });
  // The test declares one analysis, a relation.
  const finding = (await analyze(syntheticResults([table]))).experiments[0]!.findings[0] as RelationFinding;
  const x = Array.from({ length: table.rows }, (_, row) =>
    Number(table.conditions[table.condition[row]!]!.discount),
  );
  const expected = multipleRegression({ y: [...table.metrics.periods!], columns: [x] });
  const [slope] = expected.slopes;
  near(finding.slope!, slope!.value);
  near(finding.slopeInterval!.low, slope!.low);
  near(finding.rSquared!, expected.rSquared);
  near(finding.intercept!, expected.intercept.value);
  near(finding.test!.p, slope!.p);
  const middle = finding.fit[12]!;
  assert.ok(middle.low < middle.y && middle.y < middle.high);
  near(finding.fit[0]!.low, expected.intercept.low);
});

test("a relation is fitted within the combinations of the other factors, as regression on dummy columns would", async () => {
  const shifted = (shift: number) =>
    patienceTable({
      metrics: { profitGain: numberMetric() },
      analyses: [relationSpec("profitGain", "discount")],
      outcome: ({ condition, replicate }) =>
        condition.firms === 3 && condition.discount === 0 && replicate > 9
          ? { code: 1, message: "lost" }
          : null,
      value: ({ condition, noise }) =>
        0.7 * Number(condition.discount) + shift * Number(condition.firms) + 0.1 * noise,
    });
  const findings = await Promise.all(
    [0, 100].map(
      async (shift) =>
        (await analyze(syntheticResults([shifted(shift)]))).experiments[0]!.findings[0] as RelationFinding,
    ),
  );
  const [plain, apart] = findings;
  near(apart!.slope!, plain!.slope!);
  assert.ok(Math.abs(apart!.slopeInterval!.low - plain!.slopeInterval!.low) < 1e-9);
  assert.equal(plain!.test!.df, [260 - 3]);
  const table = shifted(100);
  const kept = Array.from({ length: table.rows }, (_, row) => row).filter((row) => table.outcome[row] === 0);
  const of = (name: string) => kept.map((row) => Number(table.conditions[table.condition[row]!]![name]));
  const [expected] = multipleRegression({
    y: kept.map((row) => table.metrics.profitGain![row]!),
    columns: [of("discount"), of("firms").map((firms) => Number(firms === 3))],
  }).slopes;
  near(apart!.slope!, expected!.value);
  near(apart!.slopeInterval!.high, expected!.high, 1e-8);
  assert.match(plain!.reason, /within, each combination of firms, which has a height of its own/);
  assert.match(plain!.sentences[0]!, /within combinations/);
});

test("under common random numbers a relation counts replicates, not trials", async () => {
  const table = patienceTable({
    pairing: "common-random-numbers",
    analyses: [relationSpec("profitGain", "discount")],
  });
  const finding = (await analyze(syntheticResults([table]))).experiments[0]!.findings[0] as RelationFinding;
  assert.is(finding.n, 50);
  assert.equal(finding.test!.df, [49]);
});

test("a profile agrees with rliable's aggregates and probability of improvement", async () => {
  const table = patienceTable({ analyses: [profileSpec("profitGain", "discount", ["firms"])] });
  const finding = (await analyze(syntheticResults([table]))).experiments[0]!.findings[0] as ProfileFinding;
  const cells = cellsOf(table, "profitGain");
  const scoresOf = (discount: number) =>
    Array.from({ length: 50 }, (_, run) => [
      cells[discount]!.values[run]!,
      cells[3 + discount]!.values[run]!,
    ]);
  finding.groups.forEach((group, i) => {
    const expected = aggregates(scoresOf(i));
    near(group.iqm, expected.interquartileMean);
    near(group.optimalityGap!, expected.optimalityGap);
    assert.ok(group.optimalityGapInterval!.low < group.optimalityGap!);
    assert.ok(group.optimalityGap! < group.optimalityGapInterval!.high);
    near(group.mean, expected.mean);
    near(group.median, expected.median);
    assert.ok(group.iqmInterval!.low < group.iqm && group.iqm < group.iqmInterval!.high);
  });
  near(finding.improvement[0]!.probability, probabilityOfImprovement(scoresOf(1), scoresOf(0)));
});

test("a curve reduces each trial to one value at each x before it averages, so rounds are no replicates", async () => {
  const table = patienceTable({
    replicates: 4,
    analyses: [curveSpec("rounds", "period", "price", { across: "firms", where: { discount: 0 } })],
  });
  // Every trial records period 1 three times; only its mean may count.
  const row = Uint32Array.from({ length: 3 * table.rows }, (_, i) => Math.floor(i / 3));
  const price = Float64Array.from(row, (trial, i) => trial + (i % 3));
  const series = { name: "rounds", row, columns: { period: new Float64Array(row.length).fill(1), price } };
  const finding = (await analyze(syntheticResults([table], { "patience/rounds": series }))).experiments[0]!
    .findings[0] as CurveFinding;
  const [line] = finding.lines;
  const trials = Array.from({ length: table.rows }, (_, trial) => trial).filter((trial) => {
    const { firms, discount } = table.conditions[table.condition[trial]!]!;
    return firms === 2 && discount === 0;
  });
  assert.is(line!.points[0]!.n, trials.length);
  const expected = tInterval(trials.map((trial) => trial + 1));
  near(line!.points[0]!.mean!, expected.value);
  near(line!.points[0]!.interval!.low, expected.low);
});

test("a custom analysis prints what its function gave; what is not a number is left out and said", async () => {
  const table = patienceTable({
    replicates: 3,
    analyses: [
      {
        kind: "custom",
        name: "mine",
        family: { name: "mine", correction: "none" },
        confidence: 0.95,
        exploratory: true,
      },
      {
        kind: "custom",
        name: "other",
        family: { name: "other", correction: "none" },
        confidence: 0.95,
        exploratory: false,
      },
    ],
  });
  const customs = {
    patience: {
      mine: {
        estimate: Number.NaN,
        pValue: 0.03,
        tables: [
          { rows: [{ a: 1, b: "x" }, { a: 2 }] },
          {
            title: "typed",
            columns: [
              { name: "b", type: "text" as const },
              { name: "a", type: "number" as const, unit: "s", decimals: 2 },
            ],
            rows: [{ a: 1, b: "x", c: 3 }],
          },
        ],
      },
    },
  };
  const [mine, other] = (await analyze(syntheticResults([table]), { customs })).experiments[0]!.findings as [
    CustomFinding,
    CustomFinding,
  ];
  assert.equal(mine.sentences, ["mine: p = 0.030."]);
  assert.equal(
    mine.tables.map(({ title, rows }) => [title, rows]),
    [
      [
        "mine (1)",
        [
          [1, "x"],
          [2, null],
        ],
      ],
      ["typed", [["x", 1]]],
    ],
  );
  assert.equal(mine.tables[1]!.columns, [
    { name: "b", head: "b", isNumber: false, decimals: null },
    { name: "a", head: "a (s)", isNumber: true, decimals: 2 },
  ]);
  assert.match(mine.notes[0]!, /not a finite number/);
  assert.is(mine.isConfirmatory, false);
  assert.match(other.sentences[0]!, /not answered, because its function was not run/);
});

test.run();
