// The run that a command is about: by id, prefix, name or "latest", or one clear error.
import { nearest } from "../diagnostic/nearest.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { RunManifest, Store } from "../store/store.ts";

/** The run that `reference` (null: the latest) stands for. */
export async function foundRun(store: Store, reference: string | null): Promise<RunManifest> {
  const found = await store.findRun(reference ?? "latest");
  if (found === null) {
    const runs = await store.runs();
    if (runs.length === 0)
      throw new UserError("nothing has been run in this project yet", {
        hint: [...store.problems(), "Start with `lab run`."].join(" "),
      });
    const names = runs.flatMap((run) => (run.name === null ? [run.id] : [run.id, run.name]));
    const near = reference === null ? null : nearest(reference, names);
    throw new UserError(`there is no run "${reference}"`, {
      hint:
        near === null ? "`lab list` shows the runs." : `Did you mean ${near}? \`lab list\` shows the runs.`,
    });
  }
  if ("ambiguous" in found) {
    throw new UserError(`"${reference}" may be ${found.ambiguous.slice(0, 8).join(", ")}`, {
      hint: "Give more of the id.",
    });
  }
  return found;
}
