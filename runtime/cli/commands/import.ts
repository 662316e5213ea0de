// `lab import <plan-file>`: the module that a plan file stands for, as a file of its own; it never overwrites one. `lab import <kind> <path>`:
// results of another tool as a run.
import { existsSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { isPlanFile } from "../../compile/discover/plan-files.ts";
import { InvalidDesign } from "../../diagnostic/invalid-design.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import type { ImportedRun } from "../../import/import-results.ts";
import { type ImportKind, importKinds } from "../../import/imported.ts";
import { openStore } from "../../store/project-store.ts";
import { choiceHint, chosen } from "../choice.ts";
import type { CommandHandler, OptionValues } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { importChoice } from "../first-words.ts";
import { flag, projectRoot, text, typedPath } from "../options.ts";
import { say } from "../terminal/say.ts";
import { plural } from "../terminal/words.ts";
import { typedCommand } from "../typed-command.ts";

export const handle: CommandHandler = async ([given = "", path], options) => {
  if (path !== undefined) return importRun(chosen(importChoice, given), path, options);
  const kind = importKinds.find((each) => each === given);
  if (kind !== undefined && !existsSync(typedPath(projectRoot(options), given)))
    throw new UserError(`lab import ${kind} takes the path of the results`, {
      hint: `lab import ${kind} PATH`,
    });
  return importPlan(given, options);
};

async function importRun(kind: ImportKind, given: string, options: OptionValues): Promise<number> {
  const root = projectRoot(options);
  const { importResults } = await import("../../import/import-results.ts");
  const path = typedPath(root, given);
  const imported = await importResults({
    store: openStore(root),
    kind,
    path,
    shown: relative(root, path).split(sep).join("/"),
    choices: {
      file: text(options, "file"),
      study: text(options, "study"),
      // As option-values.ts has parsed them.
      metrics: (options.metrics ?? null) as readonly string[] | null,
      parameters: (options.parameters ?? null) as readonly string[] | null,
    },
    seed: text(options, "seed"),
    name: text(options, "name"),
    command: typedCommand(),
  });
  const { run, isNew, ...found } = imported;
  if (flag(options, "json"))
    process.stdout.write(
      `${JSON.stringify({ run: run.id, isNew, experiment: run.experiments[0], ...found }, null, 2)}\n`,
    );
  else process.stdout.write(importedWords(imported));
  return exitCode.done;
}

function importedWords({
  run,
  isNew,
  trials,
  conditions,
  factors,
  metrics,
  unknown,
  notes,
}: ImportedRun): string {
  const [experiment = ""] = run.experiments;
  if (!isNew) return `this is ${run.id} already: ${plural(trials, "trial")} of ${experiment}\n`;
  return [
    `${run.id}: ${plural(trials, "trial")} of ${experiment}, ${plural(conditions, "condition")}`,
    `factors  ${factors.length === 0 ? "none varies" : factors.join(", ")}`,
    `metrics  ${metrics.join(", ")}`,
    `unknown  ${unknown.join(", ")}`,
    ...notes.map((note) => `note     ${note}`),
    `\nNext: lab report ${run.id}\n`,
  ].join("\n");
}

async function importPlan(given: string, options: OptionValues): Promise<number> {
  const root = projectRoot(options);
  const path = typedPath(root, given);
  if (!existsSync(path))
    throw new UserError(`there is no file ${given}`, {
      hint: choiceHint(importChoice, given),
    });
  if (!isPlanFile(path)) throw new UserError(`${given} is no YAML or JSON file`);
  const file = relative(root, path).split(sep).join("/");
  if (file.startsWith("../")) throw new UserError(`${given} lies outside the project`);
  const { readPlan } = await import("../../compile/plan-file/read-plan.ts");
  const { planModule } = await import("../../compile/plan-file/plan-module.ts");
  const plan = readPlan(root, file);
  if (!plan.ok) throw new InvalidDesign(root, plan.error);
  const module = `// From the plan file ${basename(path)}.\n${planModule(plan.value).text}`;
  const output = text(options, "output");
  if (output === "-") {
    process.stdout.write(module);
    return exitCode.done;
  }
  const target = output === null ? besides(path) : resolve(output);
  const shown = relative(process.cwd(), target);
  if (existsSync(target)) throw new UserError(`${shown} exists already; nothing was written`);
  // What it imports and reads is named from there.
  if (dirname(target) !== dirname(path))
    throw new UserError(`the module has to stand beside ${given}, whose folder its paths start from`);
  writeFileSync(target, module, { flag: "wx" });
  say(
    process.stdout,
    `wrote ${shown}\n\nBoth define "${plan.value.name.value}", and a project has one experiment of a name: remove ${given} now, or rename one of the two.`,
  );
  return exitCode.done;
}

/** `plan.yaml` becomes `plan.experiment.ts`. */
function besides(path: string): string {
  const stem = basename(path).replace(/(?:[.]experiment)?[.](?:ya?ml|json)$/i, "");
  return join(dirname(path), `${stem}.experiment.ts`);
}
