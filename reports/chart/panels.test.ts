// Promise: the names of panels stand at one height, also where the first panel's axis has a title that is longer than the panel is high.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { svgOf } from "../export/svg.ts";
import { axisOf } from "./axis.ts";
import { panelSpec } from "./panels.ts";

/** From the top of the page to the baseline of a text: the sum of all moves of what holds it. */
function topOf(svg: string, text: string): number {
  const open: number[] = [];
  for (const [tag, close, name, moved] of svg.matchAll(
    /<(\/?)(\w+)(?:[^>]*?transform="translate\([^,]+,([^)]+)\)[^"]*")?[^>]*>(?:[^<]*)/g,
  )) {
    if (close === "/") open.pop();
    else {
      open.push(Number(moved ?? 0));
      if (tag.endsWith(`>${text}`)) return open.reduce((sum, one) => sum + one, 0);
      if (/\/>[^<]*$/.test(tag) || name === "xml") open.pop();
    }
  }
  throw new Error(`${text} is not drawn`);
}

const point = (value: number) => ({
  title: `part ${value}`,
  layers: ({ x, y }: { x: (field: string) => object; y: (field: string) => object }) => [
    {
      name: "dot",
      data: { values: [{ x: value, y: value }] },
      mark: "point",
      encoding: { x: x("x"), y: y("y") },
    },
  ],
});

test("a long title of the axis does not push the name of the first panel away", async () => {
  const heights = await Promise.all(
    [
      "short",
      "share of all answers that were given by a server of the test and not by a model of language",
    ].map(async (title) => {
      const axis = axisOf([1, 2, 3], { title });
      const panels = [point(1), point(2), point(3)];
      const svg = await svgOf({
        id: "c",
        title: "c",
        caption: "",
        alt: "",
        spec: panelSpec({ panels, x: { ...axis, title: "x" }, y: axis, key: [] }),
      });
      return panels.map((panel) => topOf(svg, panel.title));
    }),
  );
  for (const [first, ...others] of heights) for (const other of others) assert.is(other, first);
});

test.run();
