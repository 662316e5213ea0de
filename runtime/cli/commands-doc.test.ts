// The sections of docs/commands.md are made from the specs of the commands, so that no flag can be missing or wrong there (UPDATE=1
// writes them); what stands above them is written by hand and held to the code.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { redisVariables } from "../execute/bullmq/redis-address.ts";
import { commands } from "./commands.ts";
import { exitCode } from "./exit-code.ts";
import { buildProgram } from "./program.ts";
import { type Declared, declaredOf, typedValues } from "./values/typed-values.ts";

const path = fileURLToPath(new URL("../../docs/commands.md", import.meta.url));

/** As the README words them. */
const meanings: Readonly<Record<keyof typeof exitCode, string>> = {
  done: "done",
  bug: "a bug of labwright",
  invalid: "an invalid definition or command line, or a folder that cannot be read or written",
  unmeasured: "some trials have no measurement",
  budget: "stopped by a budget",
  gate: "a gate failed: a property, a statistical expectation, or `lab verify`",
  interrupted: "interrupted; the printed command goes on",
};

/** Where the part that is made begins; above it stand the words for all commands, written by hand. */
const made = /^## lab /m;

function sections(): string {
  const each = commands.map(({ name, positional, summary, details, options }) => {
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
  return `${each.join("\n\n")}\n`;
}

test("docs/commands.md says what the commands take", () => {
  const text = readFileSync(path, "utf8");
  const page = text.slice(0, text.search(made)) + sections();
  if (process.env.UPDATE === "1") writeFileSync(path, page);
  assert.is(text, page, "run this test with UPDATE=1");
});

test("docs/commands.md has each exit code", () => {
  const codes = [...readFileSync(path, "utf8").matchAll(/^[|] (\d+) [|] (.+) [|]$/gm)].map(
    ([, code, words]) => [code, words],
  );
  assert.equal(
    codes,
    Object.entries(exitCode).map(([name, code]) => [String(code), meanings[name as keyof typeof exitCode]]),
  );
});

test("each example of a value in docs/commands.md stands for what it says there", () => {
  const declared: Readonly<Record<string, Declared>> = {
    numbers: declaredOf([1]),
    text: declaredOf(["a"]),
    "numbers and text": declaredOf([1, "a"]),
    "true and false": declaredOf([true]),
    lists: declaredOf([[1]]),
    objects: declaredOf([{ size: 1 }]),
  };
  const rows = [...readFileSync(path, "utf8").matchAll(/^[|] `x=(.+?)` [|] (.+?) [|] `(.+?)` [|]$/gm)];
  assert.ok(rows.length > 12);
  for (const [row, typed = "", kind = "", values = ""] of rows) {
    const read = typedValues({ option: "-S", key: "x", text: typed }, declared[kind]!);
    assert.equal(read, JSON.parse(`[${values}]`), row);
  }
});

test("the README and docs/commands.md say the same of exit codes", () => {
  const readme = readFileSync(fileURLToPath(new URL("../../README.md", import.meta.url)), "utf8");
  for (const [name, code] of Object.entries(exitCode)) {
    const row = new RegExp(`^[|] ${code} +[|] (.+?) +[|]$`, "m").exec(readme);
    assert.is(row?.[1], meanings[name as keyof typeof exitCode]);
  }
});

test("the pages name no environment variable of lab that no command reads, and each that one reads", () => {
  const options = commands.flatMap((command) => command.options.flatMap(({ env }) => env ?? []));
  const read = new Set([...options, ...Object.values(redisVariables)]);
  const docs = fileURLToPath(new URL("../../docs", import.meta.url));
  const pages = [
    ...readdirSync(docs).map((name) => `${docs}/${name}`),
    fileURLToPath(new URL("../../README.md", import.meta.url)),
  ];
  const named = new Set(pages.flatMap((page) => readFileSync(page, "utf8").match(/\bLAB_[A-Z_]+\b/g) ?? []));
  assert.equal([...named].sort(), [...read].sort());
});

test("every command has help that names each of its flags", () => {
  const program = buildProgram();
  for (const { name, options } of commands) {
    const help = program.commands.find((command) => command.name() === name)!.helpInformation();
    for (const { flags } of options) assert.ok(help.includes(flags), `${name}: ${flags}`);
  }
});

test.run();
