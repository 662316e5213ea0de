// Promise: completion offers commands, flags and the project's own names in a real shell, from the latest build, at the speed of typing.
import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { projectOf } from "./project.ts";
import { troubled, walk } from "./sample-experiments.ts";

const project = projectOf({ "walk.experiment.ts": walk });
test.after(() => project.remove());
const bin = project.path("node_modules/.bin");
mkdirSync(bin, { recursive: true });
symlinkSync(fileURLToPath(new URL("../../../dist/runtime/cli/lab.js", import.meta.url)), `${bin}/lab`);
const ran = project.lab("run", "-q", "--name", "pilot");
assert.is(ran.code, 0, ran.all);

function wordsFor(line: string): readonly string[] {
  const { code, stdout, all } = project.lab("completion", "words", "--", line);
  assert.is(code, 0, all);
  return stdout.split("\n").filter((word) => word !== "");
}

/** What bash would offer for a line, asked as its completion asks. */
function offeredByBash(line: string): readonly string[] {
  const script = `source <(node_modules/.bin/lab completion bash)
    COMP_LINE=$1; COMP_POINT=\${#1}; COMP_WORDS=($1); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
    _lab; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync("bash", ["-c", script, "bash", line], {
    cwd: project.root,
    encoding: "utf8",
  });
  assert.is(status, 0, stderr);
  return stdout.split("\n").filter((word) => word !== "");
}

test("commands, flags, experiments, runs, parameters and their levels are offered", () => {
  assert.ok(["run", "report", "help"].every((word) => wordsFor("lab ").includes(word)));
  assert.equal(wordsFor("lab rep"), ["report"]);
  assert.equal(wordsFor("lab run w"), ["walk"]);
  assert.equal(wordsFor("lab run --fi"), ["--filter"]);
  assert.equal(wordsFor("lab run -S "), ["steps=", "bias="]);
  assert.equal(wordsFor("lab run walk -S bias=0"), ["bias=0", "bias=0.2"]);
  assert.equal(wordsFor("lab run --filter bias=0.2,"), ["bias=0.2,0", "bias=0.2,0.2"]);
  assert.equal(wordsFor("lab run --filter rep"), ["replicate="]);
  assert.equal(wordsFor("lab report p"), ["pilot"]);
  assert.ok(wordsFor("lab show r").some((word) => word.startsWith("r0001-")));
  assert.equal(wordsFor("lab query --format "), ["table", "csv", "json"]);
  assert.equal(wordsFor("lab export c"), ["csv"]);
  assert.equal(wordsFor("lab init "), []);
  assert.equal(wordsFor("lab nonsense "), []);
});

test("the ids of trials without a measurement are offered", () => {
  const own = projectOf({ "troubled.experiment.ts": troubled });
  try {
    own.lab("run", "-q", "--filter", "mode=fine,throws", "--timeout", "20s");
    const found = own.lab("completion", "words", "--", "lab debug ").stdout.trim();
    assert.match(found, /^[0-9a-f]{16}$/);
    assert.is(own.lab("show", found).code, 0);
  } finally {
    own.remove();
  }
});

test("real bash completes, after an equals sign too", () => {
  assert.equal(offeredByBash("lab rep"), ["report"]);
  assert.equal(offeredByBash("lab run w"), ["walk"]);
  assert.equal(offeredByBash("lab run -S bi"), ["bias="]);
  assert.equal(offeredByBash("lab run -S bias=0"), ["0", "0.2"]);
});

for (const shell of ["zsh", "fish"] as const)
  test(`${shell} takes its script`, () => {
    if (spawnSync(shell, ["--version"]).error !== undefined) {
      console.log(`skipped: needs ${shell}`);
      return;
    }
    project.write(`completion.${shell}`, project.lab("completion", shell).stdout);
    const checked = spawnSync(shell, ["-n", project.path(`completion.${shell}`)], { encoding: "utf8" });
    assert.is(checked.status, 0, checked.stderr);
  });

test("fish offers the same words", () => {
  if (spawnSync("fish", ["--version"]).error !== undefined) {
    console.log("skipped: needs fish");
    return;
  }
  const script = "node_modules/.bin/lab completion fish | source; complete -C 'lab run w'";
  const { stdout } = spawnSync("fish", ["--no-config", "-c", script], {
    cwd: project.root,
    encoding: "utf8",
  });
  // Files are offered too, since `lab run` takes them.
  assert.ok(stdout.split("\n").includes("walk"), stdout);
});

test("words come at the speed of typing: as fast as the help, give or take what a loaded machine adds", () => {
  const least = (...args: string[]): number =>
    Math.min(
      ...Array.from({ length: 5 }, () => {
        const began = performance.now();
        project.lab(...args);
        return performance.now() - began;
      }),
    );
  const help = least("--help");
  const words = least("completion", "words", "--", "lab run -S bias=");
  assert.ok(words < 2 * help + 50, `${words.toFixed()} ms, the help ${help.toFixed()} ms`);
});

test("an unknown shell is refused in words", () => {
  const { code, stderr, all } = project.lab("completion", "nushell");
  assert.is(code, 2, all);
  assert.match(stderr, /"nushell" is no shell .*\n.*"bash", "zsh" or "fish"/);
});

test.run();
