// The files that a program's trials are made of: its script, its base configuration and its `files`, kept with the build by content, so
// that a run uses what was built whatever is edited meanwhile. What is missing is a problem of the definition.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import type { Command } from "../../../lib/experiment/command.ts";
import { type DefinitionProblem, problemOf } from "../../../lib/experiment/problem.ts";
import type { CommandFile, JobProgram } from "../../plan/plan.ts";

interface CommandFiles {
  readonly files: readonly CommandFile[];
  readonly problems: readonly DefinitionProblem[];
}

/** What a command starts; undefined where `run` is none, which is a problem of the definition already. */
export function programOf({ options }: Command): JobProgram | undefined {
  const [name] = Array.isArray(options.run) ? options.run : [];
  return typeof name === "string" ? { name, path: options.environment?.PATH ?? null } : undefined;
}

/** Arguments that cannot be meant as anything but a script. */
const script = /^[^-\s][^\s]*[.](py|r|jl|sh|js|mjs|cjs|rb|pl|lua|m)$/i;

/** Reads the files of a command; `file` is that of the experiment, relative to `root`. */
export function commandFilesOf(
  command: Command,
  of: { readonly root: string; readonly file: string; keep(suffix: string, content: Uint8Array): string },
): CommandFiles {
  const { run, files = [], config } = command.options;
  // What has another shape is a problem of the definition already.
  if (!Array.isArray(run) || !Array.isArray(files)) return { files: [], problems: [] };
  const beside = path.dirname(path.join(of.root, of.file));
  const problems: DefinitionProblem[] = [];
  const found = new Map<string, CommandFile>();
  const bad = (name: string, expected: string): number =>
    problems.push(
      problemOf({
        code: "bad-command",
        subject: "trial",
        found: JSON.stringify(name),
        expected,
        site: command.site,
      }),
    );
  const add = (name: string): void => {
    const whole = path.resolve(beside, name);
    if (!existsSync(whole)) {
      bad(name, `a file beside ${of.file}: there is none`);
      return;
    }
    const inside = path.relative(realpathSync(beside), realpathSync(whole));
    if (inside === "" || inside.startsWith("..") || path.isAbsolute(inside)) {
      bad(name, `a file in the folder of ${of.file} or below it`);
      return;
    }
    if (statSync(whole).isDirectory()) {
      for (const entry of readdirSync(whole).sort()) add(path.join(name, entry));
      return;
    }
    const content = readFileSync(whole);
    const at = path.relative(beside, whole).split(path.sep).join("/");
    found.set(at, {
      path: at,
      source: path.relative(of.root, whole).split(path.sep).join("/"),
      kept: of.keep(".file", content),
      sha256: createHash("sha256").update(content).digest("hex"),
    });
  };
  for (const part of run) {
    if (typeof part !== "string" || path.isAbsolute(part)) continue;
    const isHere = /[./]/.test(part) && existsSync(path.resolve(beside, part));
    if (isHere || script.test(part)) add(part);
  }
  for (const name of [...files, ...(config?.base === undefined ? [] : [config.base])]) add(name);
  return { files: [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1)), problems };
}
