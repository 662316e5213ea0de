// Commands of the documents that need a service: the test that starts it runs them as the page has them. docs.test.ts holds that every one of them has
// such a test.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as assert from "uvu/assert";

const checkout = fileURLToPath(new URL("../../..", import.meta.url));

export interface Block {
  readonly document: string;
  readonly line: number;
  /** The nearest heading above it, without its marks. */
  readonly heading: string;
  readonly language: string;
  readonly text: string;
}

/** Code blocks of a document of the checkout, in order. */
export function blocksOf(document: string): readonly Block[] {
  const lines = readFileSync(join(checkout, document), "utf8").split("\n");
  const blocks: Block[] = [];
  let heading = "";
  for (let at = 0; at < lines.length; at += 1) {
    heading = /^#+ (.*)/.exec(lines[at]!)?.[1] ?? heading;
    const language = /^```(\w+)/.exec(lines[at]!)?.[1];
    if (language === undefined) continue;
    const end = lines.indexOf("```", at + 1);
    assert.ok(end > at, `${document}:${at + 1} has no end`);
    blocks.push({ document, line: at + 1, heading, language, text: lines.slice(at + 1, end).join("\n") });
    at = end;
  }
  return blocks;
}

/** Whether it is no block that runs by itself. */
export function isShown({ language }: Block): boolean {
  return language === "text" || language === "console";
}

/** Commands of a block, without comments; `npm` lines are what the gate itself does. */
export function commandsOf({ language, text }: Block): readonly (readonly string[])[] {
  return text
    .split("\n")
    .map((line) => line.replace(language === "text" ? /\s{2,}.*$/ : /\s+#.*$/, "").trim())
    .filter((line) => /^(npx )?lab /.test(line))
    .map((line) =>
      [...line.replace(/^(npx )?lab /, "").matchAll(/"([^"]*)"|(\S+)/g)].map(
        (match) => match[1] ?? match[2]!,
      ),
    );
}

/** Commands that no document's own test runs, of the `text` and `console` blocks under a heading: each as its words, with those of this machine in place of the page's. */
export function commandsUnder(
  document: string,
  heading: string,
  here: Readonly<Record<string, string>>,
): readonly (readonly string[])[] {
  const commands = blocksOf(document)
    .filter((block) => isShown(block) && block.heading === heading)
    .flatMap(commandsOf);
  assert.ok(commands.length > 0, `${document}, ${heading}: commands are found`);
  const meant = Object.keys(here).filter(
    (word) => !commands.some((words) => words.some((each) => each.includes(word))),
  );
  assert.equal(meant, [], `${document}, ${heading}: says nothing of these`);
  return commands.map((words) =>
    words.map((word) =>
      Object.entries(here).reduce((text, [theirs, ours]) => text.replaceAll(theirs, ours), word),
    ),
  );
}
