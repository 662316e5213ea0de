// Promise: the packed tarball, installed in an empty folder, gives a project that type-checks, builds, runs and reports.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { firstExperiment } from "../../cli/commands/init-template.ts";

const checkout = fileURLToPath(new URL("../../..", import.meta.url));

function run(folder: string, command: string, ...args: string[]): string {
  return ranIn(folder, command, ...args).stdout;
}

function ranIn(folder: string, command: string, ...args: string[]): { stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", npm_config_audit: "false", npm_config_fund: "false" },
    maxBuffer: 1 << 28,
  });
  assert.is(status, 0, `$ ${command} ${args.join(" ")}\n${stdout}${stderr}`);
  return { stdout, stderr };
}

test("npm pack, npm install in an empty folder, lab init, lab build, lab run, lab report", () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "labwright-package-")));
  try {
    run(folder, process.execPath, join(checkout, ".ci/pack.mjs"), folder);
    const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
    assert.ok(tarball !== undefined);
    const installed = ranIn(folder, "npm", "install", "--prefer-offline", `./${tarball}`);
    assert.not.match(installed.stderr, /labwright/, "npm has nothing to warn of");
    const home = join(folder, "node_modules/labwright");
    const manifest = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as Record<string, unknown>;
    assert.equal(
      [manifest.scripts, manifest.devDependencies, manifest.private],
      [undefined, undefined, undefined],
    );
    for (const page of ["README.md", ...readdirSync(join(home, "docs")).map((name) => `docs/${name}`)])
      for (const [, target = ""] of readFileSync(join(home, page), "utf8").matchAll(
        /\]\(([^)#:]+)(?:#[^)]*)?\)/g,
      ))
        assert.ok(
          existsSync(resolve(home, dirname(page), target)),
          `${page} links to ${target}, which is not in the package`,
        );
    assert.not.match(readFileSync(join(home, "README.md"), "utf8"), /npm (ci|start|test)/);
    assert.is(
      run(folder, "npx", "--no-install", "labwright", "--version"),
      run(folder, "npx", "--no-install", "lab", "--version"),
    );
    run(folder, "npx", "--no-install", "lab", "init");
    assert.is(readFileSync(join(folder, "experiments/bandit.experiment.ts"), "utf8"), firstExperiment);
    run(folder, "npx", "--no-install", "tsc", "--noEmit", "-p", ".");
    assert.match(
      run(folder, "npx", "--no-install", "lab", "build"),
      /bandit {2}3 conditions x 50 replicates = 150 trials/,
    );
    run(folder, "npx", "--no-install", "lab", "run");
    const rows = run(folder, "npx", "--no-install", "lab", "export", "csv", "bandit").trim().split("\n");
    assert.is(rows.length, 151);
    assert.match(
      run(folder, "npx", "--no-install", "lab", "report", "--output-dir", "report"),
      /report\.html/,
    );
    const page = readFileSync(join(folder, "report/report.html"), "utf8");
    assert.match(page, /How much exploration earns the most/);
    assert.ok(existsSync(join(folder, ".lab/runs")));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("the README shows the very experiment that lab init writes, in under 40 lines", () => {
  const readme = readFileSync(join(checkout, "README.md"), "utf8");
  assert.ok(readme.includes(`\`\`\`ts\n${firstExperiment}\`\`\``));
  assert.ok(firstExperiment.split("\n").length < 40);
});

test.run();
