// What is said of a Slurm cluster is read as sbatch takes it, and what cannot be so is refused.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { slurm } from "./slurm.ts";
import type { SlurmOptions } from "./slurm-options.ts";

function problemsOf(options: SlurmOptions): readonly string[] {
  return slurm(options).problems.map(({ found }) => found);
}

test("what sbatch takes is taken", () => {
  assert.equal(problemsOf({}), []);
  for (const time of ["90", "1:30", "4:00:00", "2-00", "2-00:00:00"])
    assert.equal(problemsOf({ time }), [], time);
  for (const mem of ["4000", "4000M", "4G"]) assert.equal(problemsOf({ mem }), [], mem);
  assert.equal(
    problemsOf({ account: "physics", partition: "main,long", sbatch: ["--qos=long", "--constraint=avx2"] }),
    [],
  );
});

test("what is no option, or would be taken for another, is refused", () => {
  const wrong: readonly (readonly [SlurmOptions, RegExp])[] = [
    [{ partition: "--wrap=rm" }, /^partition "--wrap=rm"/],
    [{ account: "" }, /^account ""/],
    [{ time: "soon" }, /^time "soon"/],
    [{ mem: "4 G" }, /^mem "4 G"/],
    [{ arrayChunk: 0 }, /^arrayChunk 0/],
    [{ elements: 5000 }, /^elements 5000/],
    [{ threads: 1.5 }, /^threads 1.5/],
    [{ warnSeconds: -1 }, /^warnSeconds -1/],
    [{ folder: "shared" }, /^folder "shared"/],
    [{ lab: "./lab" }, /^lab ".\/lab"/],
    [{ sbatch: ["script.sh"] }, /^sbatch option "script.sh"/],
    [{ sbatch: ["--array=0-9"] }, /^sbatch option "--array=0-9"/],
    [{ sbatch: ["-o", "/etc/x"] }, /^sbatch option "-o"/],
    [{ labels: ["a b"] }, /^labels/],
  ];
  for (const [options, found] of wrong) assert.match(problemsOf(options)[0] ?? "", found);
});

test.run();
