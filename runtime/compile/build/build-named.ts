// A broken draft stops no other experiment: when the project does not build as a whole, the files of the named experiments are
// built by themselves, and what is wrong elsewhere is one line.
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Diagnostic, Result } from "../../diagnostic/diagnostic.ts";
import { othersBroken } from "../../diagnostic/messages.ts";
import { isPlanFile } from "../discover/plan-files.ts";
import { buildCold } from "./build-cold.ts";
import { pointNamed } from "./build-folder.ts";
import type { NamedBuild } from "./reusable-build.ts";

/**
 * Builds what the named experiments need, after the build of all `files` failed with `errors`. Where a named one is itself at fault,
 * its own errors come back, and one line for all others.
 */
export async function buildNamed(of: {
  readonly root: string;
  readonly files: readonly string[];
  readonly names: readonly string[];
  readonly errors: readonly Diagnostic[];
}): Promise<Result<NamedBuild, readonly Diagnostic[]>> {
  const { root, files, names, errors } = of;
  const all = { ok: false, error: errors } as const;
  const isBroken = brokenFiles(errors);
  const holding = files.filter(
    (file) => isPlanFile(file) || mentions(readFileSync(path.join(root, file), "utf8"), names),
  );
  const sound = holding.filter((file) => !isBroken.has(file));
  const asked = sound.length > 0 ? sound : holding;
  if (asked.length === 0 || asked.length === files.length) return all;
  const own = await buildCold({ root, asked, onPhase: undefined });
  const broken = [...isBroken].filter((file) => !asked.includes(file));
  const said = othersBroken({ files: broken });
  if (!own.ok) return { ok: false, error: broken.length > 0 ? [...own.error, said] : own.error };
  const built = new Set(own.value.plan.experiments.map(({ name }) => name));
  if (!names.every((name) => built.has(name))) return all;
  pointNamed({ root, names, stored: own.value, broken });
  return { ok: true, value: { stored: own.value, said } };
}

/** Whether a file may define an experiment of such a name: it holds the name as a text. */
function mentions(source: string, names: readonly string[]): boolean {
  return names.some((name) => ['"', "'", "`"].some((quote) => source.includes(quote + name + quote)));
}

function brokenFiles(errors: readonly Diagnostic[]): ReadonlySet<string> {
  return new Set(
    errors.flatMap(({ severity, place }) => (severity === "error" && place !== null ? [place.file] : [])),
  );
}
