// Promise: every command and code block of the documents works. Shell blocks run in a project that `lab init` made; TypeScript
// blocks are type-checked, each as a module of its own, and experiments build.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { environmentExperiment, firstEnvironment } from "../../cli/commands/init-environment.ts";
import { firstExperiment } from "../../cli/commands/init-template.ts";
import { commands } from "../../cli/commands.ts";
import { blocksOf, commandsOf, isShown } from "./documented.ts";
import { projectOf } from "./project.ts";

const checkout = fileURLToPath(new URL("../../..", import.meta.url));
const documents = [
  "README.md",
  ...readdirSync(join(checkout, "experiments"))
    .map((folder) => `experiments/${folder}/README.md`)
    .filter((document) => existsSync(join(checkout, document))),
  ...readdirSync(join(checkout, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

const blocks = documents.flatMap(blocksOf);

test("the environment that opens its page is the one that lab init writes, in at most 40 lines", () => {
  const [first] = blocks.filter(({ document }) => document === "docs/environments.md");
  assert.is(`${first?.text}\n`, firstEnvironment);
  assert.ok(firstEnvironment.split("\n").length <= 41);
});

test("the environment of lab init passes lab test, and its experiment runs", () => {
  const project = projectOf({
    "experiments/grid-world.environment.ts": firstEnvironment,
    "experiments/grid-walk.experiment.ts": environmentExperiment,
  });
  try {
    const tested = project.lab("test", "--runs", "200");
    assert.is(tested.code, 0, tested.all);
    const ran = project.lab("run", "--limit", "4");
    assert.is(ran.code, 0, ran.all);
  } finally {
    project.remove();
  }
});

test("every TypeScript block type-checks as a module of its own", () => {
  const typescript = blocks.filter(({ language }) => language === "ts");
  assert.ok(typescript.length > 5, "blocks were found");
  const files = Object.fromEntries(
    typescript.map(({ document, line, text }) => [
      `blocks/${document.replaceAll(/[^a-z0-9]+/gi, "-")}-${line}.ts`,
      `${text}\nexport {};\n`,
    ]),
  );
  const project = projectOf(files);
  try {
    const compiler = join(checkout, "node_modules/ts7/bin/tsc");
    const { status, stdout } = spawnSync(process.execPath, [compiler, "--noEmit", "-p", project.root], {
      encoding: "utf8",
    });
    assert.is(status, 0, stdout);
  } finally {
    project.remove();
  }
});

test("every experiment of the documents builds, all of them in one project", () => {
  const typescript = blocks.filter(({ language }) => language === "ts");
  const experiments = typescript
    .filter(({ text }) => text.includes("export default defineExperiment("))
    // Programs and protocols that a definition names lie beside it.
    .filter(({ text }) => !/\b(command|grpc)\(\{/.test(text));
  assert.ok(experiments.length > 10, `${experiments.length} experiments were found`);
  const config = typescript.find(
    ({ document, text }) => document === "docs/config.md" && /^\/\/ lab\.config\.ts/.test(text),
  );
  const project = projectOf({
    "lab.config.ts": `${config?.text}\n`,
    ...Object.fromEntries(
      experiments.map(({ document, line, text }) => [
        `experiments/${document.replaceAll(/[^a-z0-9]+/gi, "-")}-${line}.experiment.ts`,
        `${text}\n`,
      ]),
    ),
  });
  try {
    const built = project.lab("build");
    assert.is(built.code, 0, built.all);
  } finally {
    project.remove();
  }
});

test("every link from one document to a file of the project leads somewhere", () => {
  const links = [...documents, "ARCHITECTURE.md"].flatMap((document) =>
    [...readFileSync(join(checkout, document), "utf8").matchAll(/\]\(([^)#\s]+)/g)]
      .map((match) => match[1]!)
      .filter((target) => !/^[a-z]+:/.test(target))
      .map((target) => ({ document, target })),
  );
  assert.ok(links.length > 5, "links were found");
  const dead = links.filter(({ document, target }) => !existsSync(join(checkout, dirname(document), target)));
  assert.equal(dead, []);
});

test("every lab command of the README and docs runs, in order, in a project that lab init made", () => {
  const project = projectOf({
    "experiments/bandit.experiment.ts": firstExperiment,
    "experiments/grid-world.environment.ts": firstEnvironment,
  });
  try {
    let count = 0;
    for (const block of blocks.filter(
      ({ document, language }) => language === "sh" && !document.startsWith("experiments/"),
    )) {
      for (const args of commandsOf(block)) {
        const ran = project.lab(...args);
        assert.is(ran.code, 0, `${block.document}:${block.line}\n${ran.all}`);
        count += 1;
      }
    }
    assert.ok(count >= 8, `${count} commands were found`);
  } finally {
    project.remove();
  }
});

test("every lab command that needs a service is run by the test that starts it", () => {
  const tests = readdirSync(join(checkout, "runtime/testing/e2e"))
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) =>
      readFileSync(join(checkout, "runtime/testing/e2e", name), "utf8")
        .replaceAll(/\s+/g, " ")
        .replaceAll("( ", "("),
    )
    .join("\n");
  // docs/commands.md is made of the help pages, whose options command-line.test.ts holds.
  const shown = blocks.filter((block) => isShown(block) && block.document !== "docs/commands.md");
  const unrun = shown
    .filter((block) => commandsOf(block).length > 0)
    .filter(({ document, heading }) => !tests.includes(`commandsUnder("${document}", "${heading}"`))
    .map(({ document, line }) => `${document}:${line}`);
  assert.equal(unrun, []);
});

test("every lab command that a table of docs/coming-from.md names exists, with its flags", () => {
  const page = readFileSync(join(checkout, "docs/coming-from.md"), "utf8");
  const named = [...page.matchAll(/`lab ([^`]+)`/g)].map((match) => match[1]!.split(/\s+/));
  assert.ok(named.length > 80, `${named.length} commands were found`);
  const unknown = named.filter(([name, ...words]) => {
    const spec = commands.find((command) => command.name === name);
    const flags = spec?.options.flatMap(({ flags }) => flags.match(/(?<![\w-])--?[\w-]+/g) ?? []);
    return flags === undefined || words.some((word) => word.startsWith("-") && !flags.includes(word));
  });
  assert.equal(unknown, []);
});

test.run();
