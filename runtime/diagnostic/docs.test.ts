// docs/diagnostics.md has a section for each code, and shows what a person would see: the first block of the code's own case.
// UPDATE=1 rewrites the examples; the sentences are written by hand.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { diagnosticCodes } from "./testing/diagnostic-codes.ts";

const page = fileURLToPath(new URL("../../docs/diagnostics.md", import.meta.url));
const section = /^### ([a-z-]+)\n\n([\s\S]*?)\n\n```text\n([\s\S]*?)```$/gm;

/** The block of a case's expected text that is about its code. */
function exampleOf(code: string): string {
  const file = new URL(`../compile/errors/${code}/expected.txt`, import.meta.url);
  const block = readFileSync(file, "utf8")
    .split("\n\n")
    .find((each) => (each.split("\n")[0] ?? "").endsWith(` ${code}`));
  assert.ok(block !== undefined, `errors/${code}/expected.txt tells of no ${code}`);
  return `${block.trimEnd()}\n`;
}

test("every code has its section and nothing else has one", () => {
  const text = readFileSync(page, "utf8");
  const documented = [...text.matchAll(/^### (.+)$/gm)].map(([, code]) => code);
  assert.equal([...documented].sort(), diagnosticCodes());
});

test("every section says something and shows the code's own case", () => {
  const text = readFileSync(page, "utf8");
  const rewritten = text.replace(section, (_, code: string, prose: string) => {
    assert.match(prose, /^[A-Z`].*[.]$/);
    return `### ${code}\n\n${prose}\n\n\`\`\`text\n${exampleOf(code)}\`\`\``;
  });
  if (process.env.UPDATE === "1") writeFileSync(page, rewritten);
  assert.is([...text.matchAll(section)].length, diagnosticCodes().length);
  assert.is(readFileSync(page, "utf8"), rewritten);
});

test.run();
