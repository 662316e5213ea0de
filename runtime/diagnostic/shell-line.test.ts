// What is quoted arrives as it is, in the shells that accounts have.
import { spawnSync } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { shellLine, shellQuoted } from "./shell-line.ts";

const shells = ["sh", "bash", "dash", "zsh", "fish"].filter(
  (shell) => spawnSync(shell, ["-c", "exit 0"]).status === 0,
);
const words = [
  "",
  "plain",
  "it's here",
  "a\\b",
  "\\'",
  "'\\''",
  '$HOME `date` "x"',
  "[::1]:8",
  "~",
  "a;b|c&d",
];

test("a line is read as its words by every shell that is here, also within another line", () => {
  for (const shell of shells)
    for (const line of [
      shellLine(["printf", "%s|", ...words]),
      `exec sh -c ${shellQuoted(shellLine(["printf", "%s|", ...words]))}`,
    ]) {
      const { stdout, stderr } = spawnSync(shell, ["-c", line], { encoding: "utf8" });
      assert.is(stdout, words.map((word) => `${word}|`).join(""), `${shell}: ${stderr}`);
    }
});

test.run();
