// `lab.config.ts` for a command. Where it cannot be used, the type check knows the line and often the nearest name; what its loading said stands with
// it, where that is more.
import { checkTypes } from "../compile/check/check-types.ts";
import type { FilledConfig } from "../config/lab-config.ts";
import { configFileOf, loadConfig } from "../config/load-config.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { InvalidDesign } from "../diagnostic/invalid-design.ts";
import { UserError } from "../diagnostic/user-error.ts";

/** Throws InvalidDesign or UserError for a file that cannot be used. */
export async function loadedConfig(root: string): Promise<FilledConfig> {
  try {
    return await loadConfig(root);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [first, ...others] = await configDiagnostics(root);
    if (first === undefined) throw error;
    const said = [error.message, error.hint].filter((each) => each !== null).join(" ");
    throw new InvalidDesign(root, [{ ...first, hint: first.hint ?? said }, ...others]);
  }
}

/** What the type check finds in the project's `lab.config.ts`; nothing where there is none. */
export async function configDiagnostics(root: string): Promise<readonly Diagnostic[]> {
  const file = configFileOf(root);
  return file === null ? [] : (await checkTypes({ root, files: [file] })).diagnostics;
}
