// Promise: the first line of a program's failure names its error, whatever language it is written in.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { failureWords, LastLines, refusalWords } from "./last-words.ts";

function lastOf(error: string, info = ""): LastLines {
  const last = new LastLines();
  for (const line of info.split("\n")) last.add(line, "info");
  for (const line of error.split("\n")) last.add(line, "error");
  return last;
}

const python = `Traceback (most recent call last):
  File "train.py", line 14, in <module>
    fit(data)
numpy.linalg.LinAlgError: Singular matrix`;
const said: Readonly<Record<string, readonly [text: string, names: string]>> = {
  Python: [python, "numpy.linalg.LinAlgError: Singular matrix"],
  "Python, warned afterwards": [
    `${python}\nsys:1: ResourceWarning: unclosed file`,
    "numpy.linalg.LinAlgError: Singular matrix",
  ],
  "a message of Python on two lines": ["ValueError: no\nsuch layer", "ValueError: no"],
  argparse: [
    "usage: train.py [-h] --rate RATE\ntrain.py: error: the following arguments are required: --rate",
    "train.py: error: the following arguments are required: --rate",
  ],
  R: [
    "Error in solve.default(a) : Lapack routine dgesv: system is singular\nCalls: solve -> solve.default\nExecution halted",
    "Error in solve.default(a) : Lapack routine dgesv: system is singular",
  ],
  "R with a long call": [
    "Error in lm.fit(x, y, offset = offset, singular.ok = singular.ok, ...) : \n  NA/NaN/Inf in 'y'\nCalls: lm -> lm.fit\nExecution halted",
    "Error in lm.fit(x, y, offset = offset, singular.ok = singular.ok, ...) : NA/NaN/Inf in 'y'",
  ],
  Go: [
    "panic: index out of range [3] with length 3\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/sim.go:9 +0x1d\nexit status 2",
    "panic: index out of range [3] with length 3",
  ],
  Node: [
    "/src/sim.js:1\nthrow new RangeError('no root')\n^\n\nRangeError: no root\n    at Object.<anonymous> (/src/sim.js:1:7)\n\nNode.js v20.20.2",
    "RangeError: no root",
  ],
  C: ["sim: sim.c:12: main: Assertion `x > 0' failed.", "sim: sim.c:12: main: Assertion `x > 0' failed."],
  shell: ["loading\nno such layer", "no such layer"],
};

for (const [language, [text, names]] of Object.entries(said))
  test(`${language}: the error comes first, the last lines after it`, () => {
    const words = failureWords("program", 1, lastOf(text));
    assert.is(words.split("\n")[0], `program ended with exit code 1: ${names}`);
    assert.is(words.includes("\n"), text.includes("\n"), "one line is not said twice");
  });

test("a silent program, a signal, a refusal, words on standard output", () => {
  assert.is(failureWords("sim", 4, lastOf("")), "sim ended with exit code 4");
  assert.is(failureWords("sim", 139, lastOf("")), "sim was ended by signal 11 (exit code 139)");
  assert.is(refusalWords(3, lastOf("", "reading\nno feasible design")), "exit code 3: no feasible design");
  assert.match(
    failureWords("sim", 1, lastOf("", "a\nb")),
    /last lines of its standard output:\n {2}a\n {2}b$/,
  );
  assert.is(
    failureWords("sim", 127, lastOf("sh: 1: sim: not found")),
    "sim was not found: is it installed, and on the PATH?",
  );
});

test("a program that says much leaves ten lines of bounded length", () => {
  const words = failureWords(
    "sim",
    1,
    lastOf(Array.from({ length: 500 }, () => "x".repeat(60_000)).join("\n")),
  );
  assert.ok(words.length < 7000, `${words.length}`);
});

test.run();
