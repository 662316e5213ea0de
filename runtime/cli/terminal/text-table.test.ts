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

test("columns that have no room beside each other stand below each other", () => {
  const heading = ["run", "name", "status", "trials", "started", "disk used"];
  const rows = [
    ["r0001-noble-marten", "", "complete", 150, "2026-11-29 10:10", "336 kB"],
    ["r0002-ample-duck", "pilot", "killed"],
  ];
  const { isTTY, columns } = process.stdout;
  Object.assign(process.stdout, { isTTY: true, columns: 40 });
  const narrow = textTable(heading, rows);
  Object.assign(process.stdout, { columns: 46 });
  const wider = textTable(heading, rows);
  Object.assign(process.stdout, { isTTY, columns });
  assert.equal(narrow.split("\n"), [
    "run",
    "r0001-noble-marten",
    "  status     complete",
    "  trials     150",
    "  started    2026-11-29 10:10",
    "  disk used  336 kB",
    "r0002-ample-duck",
    "  name       pilot",
    "  status     killed",
  ]);
  assert.is(wider.split("\n").length, 3);
});

test("cells cannot move the cursor or break the line", () => {
  const lines = textTable(["name", "text"], [["a", "x\u001b[2Jy\nz"]]).split("\n");
  assert.equal(lines, ["name  text", "a     xy z"]);
});

test.run();
