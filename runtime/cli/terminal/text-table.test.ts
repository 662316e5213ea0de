import { test } from "uvu";
import * as assert from "uvu/assert";
import { squeezed, textTable } from "./text-table.ts";

test("a narrow terminal cuts the widest columns, and the one that names the row last", () => {
  assert.equal(squeezed([16, 4, 40], 100), [16, 4, 40]);
  assert.equal(squeezed([16, 4, 40], 40), [16, 4, 20]);
  assert.equal(squeezed([16, 4, 40], 26), [16, 4, 6]);
  assert.equal(squeezed([16, 4, 40], 20), [10, 4, 6]);
  assert.equal(squeezed([16, 4, 40], 1), [6, 4, 6]);
});

test("cells cannot move the cursor or break the line", () => {
  const lines = textTable(["name", "text"], [["a", "x\u001b[2Jy\nz"]]).split("\n");
  assert.equal(lines, ["name  text", "a     xy z"]);
});

test.run();
