// Which code `lab verify` runs: that of the sources, where they still give the run's build; else the frozen build, if no byte of it was
// changed since. A build that was edited is never held against itself.
import path from "node:path";
import { compile } from "../../compile/compile.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import type { Plan } from "../../plan/plan.ts";
import { buildFault } from "../../store/build-files.ts";
import { parseStored } from "../../store/files/stored-file.ts";
import type { ProjectStore } from "../../store/project-store.ts";
import type { RunManifest } from "../../store/store.ts";

/** "sources": the project as it is now gives this very build. "build": it does not any more, and the frozen code is whole. */
export type VerifiedCode = "sources" | "build";

/** Makes sure that the run's build in the store is what it was made as. Throws UserError when it is not and cannot be made again. */
export async function verifiedCodeOf(store: ProjectStore, run: RunManifest): Promise<VerifiedCode> {
  if (run.imported !== undefined)
    throw new UserError(
      `Run ${run.id} was imported from ${run.imported.kind}: there is no code to run it again with.`,
    );
  const folder = path.join(store.layout.builds, run.build);
  if (await isBuiltAgain(store, run, folder)) return "sources";
  const plan = parseStored(path.join(folder, "plan.json"));
  // Written by the compiler, if the build's name fits.
  const fault = "fault" in plan ? "its plan.json cannot be read" : faultOf(folder, plan.value as Plan | null);
  if (fault === null) return "build";
  throw new UserError(`The code of run ${run.id} cannot be trusted: of build ${run.build}, ${fault}.`, {
    hint: "The sources no longer give that build. Check out those that it was made from, or bring the folder back from a copy.",
  });
}

/** Builds what the run's build was made of; a build that was damaged is replaced on the way. */
async function isBuiltAgain(store: ProjectStore, run: RunManifest, folder: string): Promise<boolean> {
  const paths = filesOf(folder);
  const built = await compile({ root: store.root, ...(paths !== null && { paths }), names: run.experiments });
  return built.ok && built.value.plan.build === run.build;
}

/** The files that a build was made from; null where it does not say. */
function filesOf(folder: string): readonly string[] | null {
  const record = parseStored(path.join(folder, "build.json"));
  if ("fault" in record || typeof record.value !== "object" || record.value === null) return null;
  const files: unknown = Reflect.get(record.value, "files");
  return Array.isArray(files) && files.every((file) => typeof file === "string") ? files : null;
}

function faultOf(folder: string, plan: Plan | null): string | null {
  try {
    return plan === null ? "its plan.json cannot be read" : buildFault(folder, plan);
  } catch {
    return "its plan.json was changed";
  }
}
