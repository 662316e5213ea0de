// A picture as a file: it is filled by what it shows, whatever the design, and nothing of it is cut off.
import { createRequire } from "node:module";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RunResults } from "../../runtime/record/trial-table.ts";
import { composeReport } from "../report.ts";
import { fullResults } from "../testing/full-results.ts";
import { compareSpec, interactionSpec } from "../testing/specs.ts";
import { numberMetric, syntheticResults, syntheticTable } from "../testing/synthetic-results.ts";
import { drawingFor } from "./plain-svg.ts";
import { standaloneSvg } from "./svg.ts";

const { Resvg } = createRequire(import.meta.url)("@resvg/resvg-js") as typeof import("@resvg/resvg-js");

/** Shares of the picture's width and height from the first to the last pixel that is not white, and whether its edges are white. */
function inkOf(svg: string): { readonly width: number; readonly height: number; readonly isWhole: boolean } {
  const { svg: drawing, font } = drawingFor(standaloneSvg(svg));
  const image = new Resvg(drawing, { background: "#ffffff", font }).render();
  const { width, height, pixels } = image;
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const at = 4 * (y * width + x);
      if (pixels[at]! + pixels[at + 1]! + pixels[at + 2]! > 740) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  return {
    width: (right - left + 1) / width,
    height: (bottom - top + 1) / height,
    isWhole: left > 0 && top > 0 && right < width - 1 && bottom < height - 1,
  };
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i / 9);
const words = (count: number) =>
  Array.from({ length: count }, (_, i) => `a policy with a rather long description, number ${i}`);
const designs: Readonly<Record<string, () => RunResults>> = {
  "two factors and all kinds of analyses": () => fullResults("independent"),
  "one condition": () => designOf({}),
  "200 conditions": () => designOf({ a: numbers(20), b: numbers(10) }),
  "12 long labels": () => designOf({ a: words(12) }),
  "3 long labels and another factor": () => designOf({ a: words(3), b: numbers(3) }),
  "a matrix of long labels": () => designOf({ a: words(9), b: words(7).map((one) => `${one}!`) }),
};

function designOf(factors: Readonly<Record<string, readonly unknown[]>>): RunResults {
  const names = Object.keys(factors);
  return syntheticResults([
    syntheticTable({
      factors,
      replicates: 4,
      metrics: { m: numberMetric({ unit: "ms" }), ok: numberMetric({ type: "boolean" }) },
      value: ({ metric, noise }) => (metric === "ok" ? Number(noise > 0) : noise),
      analyses: [
        ...names.slice(0, 1).map((name) => compareSpec("m", name)),
        ...(names.length === 2 ? [interactionSpec("m", [names[0]!, names[1]!])] : []),
      ],
    }),
  ]);
}

for (const [name, results] of Object.entries(designs))
  test(`${name}: no part of a picture is blank, and none is cut off`, async () => {
    const { charts, faults } = await composeReport(results());
    assert.equal(faults, []);
    assert.ok(charts.length > 0);
    for (const { chart, svg } of charts) {
      const { width, height, isWhole } = inkOf(svg);
      assert.ok(width > 0.85, `${chart.id} fills ${Math.round(100 * width)}% of its width`);
      assert.ok(height > 0.8, `${chart.id} fills ${Math.round(100 * height)}% of its height`);
      assert.ok(isWhole, `${chart.id} is cut off`);
    }
  });

test.run();
