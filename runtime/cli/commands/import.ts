// `lab import <plan-file>`: the module that a plan file stands for, as a file of its own. It never overwrites one.
import { existsSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { isPlanFile } from "../../compile/discover/plan-files.ts";
import { InvalidDesign } from "../../diagnostic/invalid-design.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { projectRoot, text, typedPath } from "../options.ts";

export const handle: CommandHandler = async ([given = ""], options) => {
  const root = projectRoot(options);
  const path = typedPath(root, given);
  if (!existsSync(path)) throw new UserError(`there is no file ${given}`);
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
  process.stdout.write(
    `wrote ${shown}\n\nBoth define "${plan.value.name.value}", and a project has one experiment of a name: remove ${given} now, or rename one of the two.\n`,
  );
  return exitCode.done;
};

/** `plan.yaml` becomes `plan.experiment.ts`. */
function besides(path: string): string {
  const stem = basename(path).replace(/(?:[.]experiment)?[.](?:ya?ml|json)$/i, "");
  return join(dirname(path), `${stem}.experiment.ts`);
}
