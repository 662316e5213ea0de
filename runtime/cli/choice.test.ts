// Promise: a command whose first word is one of a few says all of them where it is missing, the nearest where it is mistyped, and completes them.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { nearest } from "../diagnostic/nearest.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { commands } from "./commands.ts";
import { candidatesFor } from "./completion/candidates.ts";
import { buildProgram } from "./program.ts";

async function told(...words: readonly string[]): Promise<string> {
  try {
    await buildProgram().parseAsync(["node", "lab", ...words]);
  } catch (error) {
    assert.instance(error, UserError);
    return `${(error as UserError).message}\n${(error as UserError).hint}`;
  }
  return assert.unreachable(`lab ${words.join(" ")} must be refused`) as never;
}

const withChoice = commands.filter(({ choice }) => choice !== undefined);

test("what there is, where nothing was typed", async () => {
  const required = withChoice.filter(({ positional }) => positional.startsWith("<"));
  assert.equal(
    required.map(({ name }) => name),
    ["import", "export", "sync", "push", "completion"],
  );
  for (const { name, choice } of required) {
    const words = await told(name);
    for (const word of choice!.words) assert.match(words, `"${word}"`);
    if (choice!.or !== undefined) assert.match(words, choice!.or);
    assert.match(words, `\`lab ${name} --help\``);
  }
});

test("the nearest, where it was mistyped", async () => {
  for (const { name, choice } of withChoice) {
    const [word] = choice!.words;
    const typed = `${word}x`;
    const words = await told(name, typed, "something");
    assert.match(words, `Did you mean "${nearest(typed, choice!.words)}"?`, `${name}: ${words}`);
  }
});

test("each of them, where the shell asks", async () => {
  const none = (): readonly string[] => [];
  const names = {
    ...{ experiments: none, planFiles: none, tags: none, runs: none },
    parameters: () => new Map(),
    unmeasured: async () => [],
  };
  for (const { name, choice } of withChoice) {
    const offered = await candidatesFor([name, ""], { commands, names });
    for (const word of choice!.words) assert.ok(offered.includes(word), `${name} ${word}`);
  }
});

test.run();
