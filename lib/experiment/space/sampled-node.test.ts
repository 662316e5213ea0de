import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { between } from "../between.ts";
import { sweep } from "../sweep.ts";
import { indexedSpaceOf } from "./indexed-space.ts";
import { permutedRow } from "./row-permutation.ts";
import { valueIn } from "./sampled-node.ts";
import { latinHypercube, random, type SampledInput, sobol } from "./sampled-spaces.ts";
import { sobolDimensionOf } from "./sobol-points.ts";

/** Numbers of SciPy; the file names the version and the calls. */
interface Reference {
  readonly first16: readonly (readonly number[])[];
  readonly points100: Readonly<Record<string, readonly number[]>>;
  readonly discrepancy: Readonly<
    Record<
      string,
      {
        readonly sobol_CD: number;
        readonly lhs_CD_med20: number;
        readonly random_CD_med20: number;
        readonly sobol_scr_CD_med20: number;
      }
    >
  >;
}
const reference: Reference = JSON.parse(
  readFileSync(new URL("./reference/qmc.json", import.meta.url), "utf8"),
);

const columnsOf = (d: number): SampledInput =>
  Object.fromEntries(Array.from({ length: d }, (_, i) => [`x${i}`, between(0, 1)]));

function pointsOf(design: ReturnType<typeof sobol<SampledInput>>): number[][] {
  const space = indexedSpaceOf(design.tree);
  return Array.from({ length: space.size }, (_, i) => Object.values(space.at(i)).map(Number));
}

/** Centred L2 discrepancy, squared (Hickernell 1998, equation 3.9): what SciPy calls CD. */
function centredDiscrepancyOf(points: readonly (readonly number[])[]): number {
  const n = points.length;
  const d = points[0]?.length ?? 0;
  const half = points.map((point) => point.map((x) => Math.abs(x - 0.5)));
  let one = 0;
  for (const point of half) one += point.reduce((p, z) => p * (1 + z / 2 - (z * z) / 2), 1);
  let two = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let product = 1;
      for (let k = 0; k < d; k++) {
        const [zi = 0, zj = 0] = [half[i]?.[k], half[j]?.[k]];
        product *= 1 + zi / 2 + zj / 2 - Math.abs((points[i]?.[k] ?? 0) - (points[j]?.[k] ?? 0)) / 2;
      }
      two += product;
    }
  }
  return (13 / 12) ** d - (2 / n) * one + two / n ** 2;
}

const medianOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

test("unscrambled Sobol points are SciPy's, in 100 dimensions", () => {
  reference.first16.forEach((point, index) => {
    assert.equal(
      point.map((_, dimension) => sobolDimensionOf(dimension, null)(index)),
      point,
    );
  });
  for (const [index, point] of Object.entries(reference.points100)) {
    assert.is(point.length, 100);
    assert.equal(
      point.map((_, dimension) => sobolDimensionOf(dimension, null)(Number(index))),
      point,
    );
  }
});

test("scrambling keeps every elementary interval of the first two dimensions filled once", () => {
  for (let seed = 0; seed < 20; seed++) {
    const points = pointsOf(sobol(columnsOf(2), 64, { seed }));
    for (let bits = 0; bits <= 6; bits++) {
      const cells = points.map(
        ([x = 0, y = 0]) => Math.floor(x * 2 ** bits) * 64 + Math.floor(y * 2 ** (6 - bits)),
      );
      assert.is(new Set(cells).size, 64, `seed ${seed}, ${bits} bits`);
    }
  }
  assert.not.equal(pointsOf(sobol(columnsOf(2), 8)), pointsOf(sobol(columnsOf(2), 8, { seed: 1 })));
});

test("unscrambled Sobol designs have SciPy's centred discrepancy", () => {
  for (const [name, { sobol_CD }] of Object.entries(reference.discrepancy)) {
    const [d = 0, n = 0] = name.slice(1).split("_n").map(Number);
    const found = centredDiscrepancyOf(pointsOf(sobol(columnsOf(d), n, { scramble: false })));
    // A sum of about (13/12)^d cancels down to the discrepancy.
    assert.ok(Math.abs(found - sobol_CD) < 1e-12 + 1e-9 * sobol_CD, `${name}: ${found} against ${sobol_CD}`);
  }
});

test("scrambled, Latin hypercube and random designs are as even as SciPy's: the median of 20 within a factor of 1.5", () => {
  for (const name of ["d2_n64", "d2_n256", "d5_n256", "d10_n64"]) {
    const expected = reference.discrepancy[name];
    assert.ok(expected !== undefined);
    const [d = 0, n = 0] = name.slice(1).split("_n").map(Number);
    const seeds = Array.from({ length: 20 }, (_, seed) => seed);
    const median = (design: typeof sobol | typeof latinHypercube): number =>
      medianOf(seeds.map((seed) => centredDiscrepancyOf(pointsOf(design(columnsOf(d), n, { seed })))));
    for (const [found, reported] of [
      [median(sobol), expected.sobol_scr_CD_med20],
      [median(latinHypercube), expected.lhs_CD_med20],
      [median(random), expected.random_CD_med20],
    ] as const) {
      assert.ok(found < 1.5 * reported && found > reported / 1.5, `${name}: ${found} against ${reported}`);
    }
  }
});

test("a Latin hypercube has one point in each slice of every range, for any size", () => {
  for (const count of [1, 2, 3, 5, 64, 100, 1000]) {
    const points = pointsOf(latinHypercube(columnsOf(3), count, { seed: count }));
    for (let column = 0; column < 3; column++) {
      const slices = new Set(points.map((point) => Math.floor((point[column] ?? 0) * count)));
      assert.is(slices.size, count);
    }
  }
});

test("columns of a Latin hypercube do not depend on each other or on their order", () => {
  const one = indexedSpaceOf(latinHypercube({ a: between(0, 1), b: between(0, 1) }, 50).tree);
  const other = indexedSpaceOf(
    latinHypercube({ b: between(0, 1), a: between(0, 1), c: between(0, 1) }, 50).tree,
  );
  for (let i = 0; i < 50; i++) {
    assert.is(one.at(i).a, other.at(i).a);
    assert.is(one.at(i).b, other.at(i).b);
  }
  const n = 20_000;
  const points = pointsOf(latinHypercube(columnsOf(2), n));
  const covariance = points.reduce((sum, [x = 0, y = 0]) => sum + (x - 0.5) * (y - 0.5), 0) / n;
  assert.ok(Math.abs(covariance) < 5 / 12 / Math.sqrt(n), `${covariance}`);
});

test("the permutation behind it is one, and sends every row everywhere about equally often", () => {
  for (const count of [1, 2, 3, 7, 8, 100, 1023]) {
    const rows = new Set(Array.from({ length: count }, (_, row) => permutedRow(row, count, 12345)));
    assert.is(rows.size, count);
    assert.ok([...rows].every((row) => row >= 0 && row < count));
  }
  const counts = new Array<number>(25).fill(0);
  const runs = 50_000;
  for (let key = 0; key < runs; key++) {
    for (let row = 0; row < 5; row++) {
      const cell = row * 5 + permutedRow(row, 5, Math.imul(key, 0x9e3779b1) >>> 0);
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
  }
  for (const count of counts) assert.ok(Math.abs(count - runs / 5) < 0.05 * (runs / 5), `${counts}`);
});

test("a longer random or Sobol design begins with the points of the shorter", () => {
  for (const design of [random, sobol]) {
    const long = pointsOf(design(columnsOf(3), 40, { seed: 3 }));
    assert.equal(long.slice(0, 10), pointsOf(design(columnsOf(3), 10, { seed: 3 })));
  }
});

test("values lie within their range, the upper end of a real range excluded", () => {
  const almost = 1 - 2 ** -53;
  assert.is(valueIn({ kind: "uniform", low: 1, high: 3 }, 0), 1);
  assert.ok(Number(valueIn({ kind: "uniform", low: 1, high: 3 }, almost)) < 3);
  assert.is(valueIn({ kind: "log", low: 1e-6, high: 1 }, 0), 1e-6);
  assert.is(valueIn({ kind: "log", low: 1e-6, high: 1 }, 0.5), 1e-3);
  assert.ok(Number(valueIn({ kind: "log", low: 1e-6, high: 1 }, almost)) < 1);
  assert.is(valueIn({ kind: "integer", low: 1, high: 6 }, 0), 1);
  assert.is(valueIn({ kind: "integer", low: 1, high: 6 }, almost), 6);
  assert.is(valueIn({ kind: "choice", levels: { kind: "list", levels: ["a", "b"] } }, almost), "b");
  assert.ok(Number(valueIn({ kind: "uniform", low: -1, high: 0 }, almost)) < 0);
});

test("ten million points are ready at once", () => {
  const space = indexedSpaceOf(latinHypercube({ a: between(0, 1), b: sweep([1, 2]) }, 10_000_000).tree);
  const { a, b } = space.at(9_999_999);
  assert.ok(typeof a === "number" && a >= 0 && a < 1 && (b === 1 || b === 2));
});

test.run();
