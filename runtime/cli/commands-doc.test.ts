// docs/commands.md is made from the table of commands, so that no flag can be missing or wrong there. UPDATE=1 writes it.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { commands } from "./commands.ts";
import { exitCode } from "./exit-code.ts";
import { buildProgram } from "./program.ts";

const path = fileURLToPath(new URL("../../docs/commands.md", import.meta.url));

/** As the README words them. */
const meanings: Readonly<Record<keyof typeof exitCode, string>> = {
  done: "done",
  bug: "a bug of labwright",
  invalid: "an invalid definition or command line, or a folder that cannot be read or written",
  trialsFailed: "some trials have no measurement",
  budget: "stopped by a budget",
  gate: "a gate failed: a property, a statistical expectation, or `lab verify`",
  interrupted: "interrupted; the printed command goes on",
};

function commandsPage(): string {
  const sections = commands.map(({ name, positional, summary, details, options }) => {
    const rows = options.map(
      ({ flags, summary: words, env }) =>
        `| \`${flags.replaceAll("|", "\\|")}\` | ${words.replaceAll("|", "\\|")} | ${env === null ? "" : `\`${env}\``} |`,
    );
    return [
      `## lab ${name}${positional === "" ? "" : ` ${positional}`}`,
      "",
      `${summary[0]!.toUpperCase()}${summary.slice(1)}.`,
      ...(rows.length > 0 ? ["", "| flag | meaning | environment |", "|---|---|---|", ...rows] : []),
      ...(details === undefined ? [] : ["", "```text", details, "```"]),
    ].join("\n");
  });
  const codes = Object.entries(exitCode).map(
    ([name, code]) => `| ${code} | ${meanings[name as keyof typeof exitCode]} |`, // The keys of that very object.
  );
  return `${[
    "# Commands",
    "",
    "Every command of `lab`, from the same table that `lab --help` prints. `latest` and any unique prefix stand for the id of a run;",
    "the first digits of a trial's id stand for the trial. Progress and words for people go to standard error; results go to standard",
    "output, and with `--json` nothing else does.",
    "",
    "| exit code | meaning |",
    "|---|---|",
    ...codes,
    "",
    sections.join("\n\n"),
  ].join("\n")}\n`;
}

test("docs/commands.md says what the commands take", () => {
  if (process.env.UPDATE === "1") writeFileSync(path, commandsPage());
  assert.is(readFileSync(path, "utf8"), commandsPage(), "run this test with UPDATE=1");
});

test("the README and docs/commands.md say the same of exit codes", () => {
  const readme = readFileSync(fileURLToPath(new URL("../../README.md", import.meta.url)), "utf8");
  for (const [name, code] of Object.entries(exitCode)) {
    const row = new RegExp(`^[|] ${code} +[|] (.+?) +[|]$`, "m").exec(readme);
    assert.is(row?.[1], meanings[name as keyof typeof exitCode]);
  }
});

test("every command has help that names each of its flags", () => {
  const program = buildProgram();
  for (const { name, options } of commands) {
    const help = program.commands.find((command) => command.name() === name)!.helpInformation();
    for (const { flags } of options) assert.ok(help.includes(flags), `${name}: ${flags}`);
  }
});

test.run();
