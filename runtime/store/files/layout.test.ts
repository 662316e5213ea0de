// Whatever an experiment is called, its folder is its own and one that a file system takes.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { experimentFolderName, layoutOf, runLayoutOf } from "./layout.ts";

/** Every name that the store itself uses in a run's folder. */
const own = [
  ...Object.entries(runLayoutOf(layoutOf("/p"), "r0001-a-b")).flatMap(([name, path]) =>
    name === "folder" ? [] : [path.split("/").at(-1)!],
  ),
  "custom-results.json",
  "report",
];

test("a plain name is the folder's name", () => {
  for (const name of ["patience", "calvano-baseline", "a.b_c-1"]) assert.is(experimentFolderName(name), name);
});

test("no name takes a file of the run's, in any case of its letters, nor looks half-made", () => {
  for (const name of own.flatMap((each) => [each, each.toUpperCase(), `${each}.draft`, `${each}.tmp`])) {
    const folder = experimentFolderName(name);
    assert.not.ok(own.includes(folder.toLowerCase()), folder);
    assert.not.match(folder, /[.](draft|tmp)$/);
  }
});

test("unlike names have unlike folders, each short and without separators", () => {
  const name = fc.oneof(
    fc.string({ unit: "binary", minLength: 1 }),
    fc.string({
      unit: fc.constantFrom("a", "%", "2", "5", ";", ".", "/", "é"),
      minLength: 1,
      maxLength: 400,
    }),
    fc.constantFrom(...own, ...own.map((each) => `%${each}%`), "x".repeat(300), `${"x".repeat(300)}y`),
  );
  fc.assert(
    fc.property(name, name, (left, right) => {
      const [a, b] = [experimentFolderName(left), experimentFolderName(right)];
      assert.is(a === b, left === right, `${left} | ${right} | ${a}`);
      for (const folder of [a, b]) assert.match(folder, /^(?!\.)[A-Za-z0-9._;%-]{1,130}$/);
    }),
    { numRuns: 2000 },
  );
});

test.run();
