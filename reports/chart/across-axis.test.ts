// Names across a plot keep to their share of its width: none covers its neighbour.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { across } from "./across-axis.ts";
import { textWidth } from "./text-width.ts";

test("long names break into lines that fit beside each other, and short ones stay as they are", () => {
  const levels = ["Tit For Tat", "Generous Tit For Tat", "Win-Stay Lose-Shift", "Grudger"];
  const { labelExpr } = across("level", levels, "row").axis as { readonly labelExpr: string };
  const lines = JSON.parse(/^\((.*)\)\[datum\.label\]$/.exec(labelExpr)?.[1] ?? "{}") as Record<
    string,
    string[]
  >;
  assert.equal(Object.keys(lines), levels);
  for (const [level, parts] of Object.entries(lines)) {
    assert.is(parts.join(" ").replaceAll(/ /g, ""), level.replaceAll(/ /g, ""));
    assert.ok(
      parts.every((part) => textWidth(part, 11) <= 300 / 4 - 8),
      `${level}: ${parts}`,
    );
  }
  assert.equal(lines.Grudger, ["Grudger"]);
});

test.run();
