// Courses that end at unlike x, and conditions of unlike levels: what a line is the mean of.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { CurveSpec } from "../../../lib/experiment/analysis-spec.ts";
import type { SeriesTable } from "../../../runtime/record/trial-table.ts";
import { compareSpec, curveSpec } from "../../testing/specs.ts";
import { normals, numberMetric, syntheticResults, syntheticTable } from "../../testing/synthetic-results.ts";
import { analyze } from "../analyze.ts";
import type { ComparisonFinding, CurveFinding } from "../finding.ts";

/** Each trial's rows: y over x = 0, 1, 2 ... */
async function findingsOf(
  courses: readonly { readonly cell: string; readonly y: readonly number[] }[],
  options: Partial<CurveSpec>,
  ranges: SeriesTable["ranges"] = {},
) {
  const names = [...new Set(courses.map(({ cell }) => cell))];
  const perCell = courses.length / names.length;
  const at = (cell: unknown, replicate: number) => courses.filter((one) => one.cell === cell)[replicate]!.y;
  const table = syntheticTable({
    name: "e",
    factors: { a: ["only"], cell: names },
    replicates: perCell,
    metrics: { last: numberMetric() },
    value: ({ condition, replicate }) => at(condition.cell, replicate).at(-1)!,
    series: ["path"],
    analyses: [curveSpec("path", "x", "y", options), compareSpec("last", "cell")],
  });
  const rows = Array.from({ length: table.rows }, (_, row) =>
    at(table.conditions[table.condition[row]!]!.cell, table.replicate[row]!).map((y, x) => ({ row, x, y })),
  ).flat();
  const series: SeriesTable = {
    name: "path",
    row: Uint32Array.from(rows, ({ row }) => row),
    columns: { x: Float64Array.from(rows, ({ x }) => x), y: Float64Array.from(rows, ({ y }) => y) },
    ranges: ranges ?? {},
  };
  const { findings } = (await analyze(syntheticResults([table], { "e/path": series }))).experiments[0]!;
  return findings;
}

const curveOf = async (...args: Parameters<typeof findingsOf>): Promise<CurveFinding> =>
  (await findingsOf(...args))[0] as CurveFinding;

const meansOf = ({ lines }: CurveFinding): readonly (number | null)[] =>
  lines[0]!.points.map(({ mean }) => mean);

test("conditions of unlike levels are averaged with equal weights, and their distance is no noise", async () => {
  const draw = normals(4);
  const courses = ["low", "high"].flatMap((cell) =>
    Array.from({ length: 10 }, () => ({ cell, y: [(cell === "low" ? 0 : 100) + 0.1 * draw()] })),
  );
  const findings = await findingsOf(courses, {});
  const [point] = (findings[0] as CurveFinding).lines[0]!.points;
  const { levels } = findings[1] as ComparisonFinding;
  assert.ok(Math.abs(point!.mean! - (levels[0]!.mean! + levels[1]!.mean!) / 2) < 1e-9);
  assert.ok(point!.interval!.high - point!.interval!.low < 0.2);
  assert.ok(point!.sd! < 0.2);
});

test("a band reaches no value that the series' schema rules out", async () => {
  const courses = [0, 0, 0.01, 0.9].map((y) => ({ cell: "c", y: [y] }));
  const open = (await curveOf(courses, {})).lines[0]!.points[0]!;
  const shares = (await curveOf(courses, {}, { y: { min: 0, max: 1 } })).lines[0]!.points[0]!;
  assert.ok(open.interval!.low < 0);
  assert.is(shares.interval!.low, 0);
  assert.ok(shares.interval!.high <= 1 && shares.mean === open.mean);
});

test("after decides what a trial counts as when it has ended; unsaid, the finding asks and says who is left", async () => {
  const courses = [[1, 1, 1, 1], [3, 3], [5], [7]].map((y) => ({ cell: "c", y }));
  const unsaid = await curveOf(courses, {});
  assert.equal(meansOf(unsaid), [4, 2, 1, 1]);
  assert.equal(
    unsaid.lines[0]!.points.map(({ n }) => n),
    [4, 2, 1, 1],
  );
  assert.match(
    unsaid.notes.join(" "),
    /from 1 on some are missing, at the last x there are 1 of 4.*`after: "last"`/,
  );
  assert.match(unsaid.sentences[0]!, /is at 2.* at x 1, the last that at least half reach \(n = 2 of 4\)/);
  const omitted = await curveOf(courses, { after: "omit" });
  assert.equal(meansOf(omitted), meansOf(unsaid));
  assert.not.match(omitted.notes.join(" "), /after: "last"/);
  const last = await curveOf(courses, { after: "last" });
  assert.equal(meansOf(last), [4, 4, 4, 4]);
  assert.match(last.reason, /counts on with its last value/);
  assert.equal(last.notes, []);
  const zero = await curveOf(courses, { after: 0 });
  assert.equal(meansOf(zero), [4, 1, 0.25, 0.25]);
  assert.match(zero.reason, /has ended counts as 0/);
});

test("where a condition has no trial left there is no mean over conditions", async () => {
  const courses = [
    { cell: "short", y: [0] },
    { cell: "short", y: [2] },
    { cell: "long", y: [10, 10] },
    { cell: "long", y: [12, 12] },
  ];
  assert.equal(meansOf(await curveOf(courses, {})), [6, null]);
});

test.run();
