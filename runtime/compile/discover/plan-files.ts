// Which files are plan files: experiments written as data, in YAML or JSON (plan-file/). A file that is named counts whatever its name;
// a walk takes `*.experiment.yaml`, and `plan.yaml` or `*plan.yaml` where the text says which experiment it is.
import { readFileSync } from "node:fs";

/** Whether a file of this name is read as a plan file where it is named. */
export function isPlanFile(name: string): boolean {
  return /[.](?:ya?ml|json)$/i.test(name);
}

/** Whether a walk through a folder takes this file (absolute path). */
export function isFoundPlan(file: string): boolean {
  if (/[.]experiment[.](?:ya?ml|json)$/.test(file)) return true;
  if (!/(?:^|[/\\._-])plan[.](?:ya?ml|json)$/.test(file)) return false;
  return /^[\s{]*["']?experiment_(?:name|id)["']?\s*:/m.test(readFileSync(file, "utf8"));
}
