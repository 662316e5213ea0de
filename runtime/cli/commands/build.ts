// `lab build [experiment|path...]`: everything wrong at file:line, or a plan.
import { existsSync } from "node:fs";
import { compile } from "../../compile/compile.ts";
import { isPlanFile } from "../../compile/discover/plan-files.ts";
import type { FilledConfig } from "../../config/lab-config.ts";
import type { Diagnostic, Result } from "../../diagnostic/diagnostic.ts";
import { InvalidDesign } from "../../diagnostic/invalid-design.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import type { Plan } from "../../plan/plan.ts";
import { isGrowing } from "../../plan/proposal.ts";
import { selectionError } from "../../run/selection-words.ts";
import { openStore } from "../../store/project-store.ts";
import { type MadeRegistration, register } from "../../store/registrations.ts";
import { isPath, namesIn, taggedOf } from "../asked.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { configDiagnostics, loadedConfig } from "../loaded-config.ts";
import { flag, projectRoot, typedPath } from "../options.ts";
import { registrationText } from "../terminal/registration-text.ts";
import { say } from "../terminal/say.ts";
import { showDiagnostics, showDiagnosticsAsJson } from "../terminal/show-diagnostics.ts";
import { countWords, durationWords, plural } from "../terminal/words.ts";

export const handle: CommandHandler = async (given, options) => {
  const root = projectRoot(options);
  const isPlace = (word: string): boolean => isPath(word) || existsSync(typedPath(root, word));
  const named = given.filter((word) => !isPlace(word));
  // Names are looked up in the whole project, whatever files are named beside them.
  const paths = named.length > 0 ? [] : given.map((word) => typedPath(root, word));
  const plans = named.length > 0 ? given.filter(isPlanFile).map((word) => typedPath(root, word)) : [];
  const started = performance.now();
  const json = flag(options, "json");
  const config = await usableConfig(root);
  if (!config.ok) return invalid(root, config.error, json);
  const result = await compile({
    root,
    effectKinds: Object.keys(config.value.performers),
    ...(paths.length > 0 && { paths }),
    ...(named.length > 0 && { names: named, plans }),
  });
  if (!result.ok) return invalid(root, result.error, json);
  const { plan, warnings, reused } = result.value;
  const tags = options.tag as readonly string[] | undefined; // As option-values.ts has parsed it.
  const known = plan.experiments.map(({ name }) => name);
  const asked = named.length === 0 ? known : namesIn(plan, { root, given, isPlace });
  const unknown = asked.find((name) => !known.includes(name));
  if (unknown !== undefined) throw selectionError([{ kind: "experiment", name: unknown, known }]);
  const names = tags === undefined ? asked : taggedOf(plan.experiments, { names: asked, tags });
  const chosen = plan.experiments.filter(({ name }) => names.includes(name));
  // A registration is for ever: of several experiments only those of the files that were named.
  if (flag(options, "register") && given.length === 0 && tags === undefined && chosen.length > 1)
    throw new UserError("--register wants to know which experiments to register", {
      hint: `Name them: lab build ${plan.experiments[0]?.name} --register. "." names all.`,
    });
  const registrations = flag(options, "register") ? registered(root, { plan, names }) : [];
  const experiments = chosen.map(({ name, file, tags: groups = [], admittedCount, replicates, space }) => ({
    name,
    file,
    tags: groups,
    conditions: admittedCount,
    // Conditions are proposed while it runs: these are the most.
    ...(isGrowing({ space }) && { grows: true }),
    replicates: replicates.count,
    trials: admittedCount * replicates.count,
    replicatesLeast: replicates.until?.min ?? replicates.count,
  }));
  if (json) {
    showDiagnosticsAsJson(true, warnings, {
      build: plan.build,
      reused,
      experiments,
      ...(registrations.length > 0 && {
        registrations: registrations.map(({ isNew, registration: { content, hash, at, file } }) => ({
          experiment: content.experiment,
          hash,
          at,
          file,
          isNew,
        })),
      }),
    });
    return exitCode.done;
  }
  if (warnings.length > 0) showDiagnostics(root, warnings);
  if (flag(options, "quiet")) return exitCode.done;
  for (const each of experiments) {
    const { name, file, conditions, grows, replicates, trials, replicatesLeast: least } = each;
    const most = grows === true ? "up to " : "";
    const from = least < replicates ? `${countWords(least)}..` : "";
    const fewest = least < replicates ? `${countWords(conditions * least)}..` : "";
    say(
      process.stdout,
      `${name}  ${most}${plural(conditions, "condition")} x ${from}${plural(replicates, "replicate")} = ${most}${fewest}${plural(trials, "trial")}  ${file}`,
    );
  }
  const how = reused ? "unchanged" : "built";
  say(
    process.stdout,
    `${how} ${plan.build} in ${durationWords(performance.now() - started)}: ${countWords(experiments.length)} ${experiments.length === 1 ? "experiment" : "experiments"}, ${plural(plan.jobs.filter(({ experiment }) => names.includes(experiment)).length, "job")}`,
  );
  for (const made of registrations) say(process.stdout, registrationText(made).trimEnd());
  return exitCode.done;
};

/** What can be loaded may be wrong all the same, as a number that stands where a text is read. */
async function usableConfig(root: string): Promise<Result<FilledConfig, readonly Diagnostic[]>> {
  try {
    const value = await loadedConfig(root);
    const error = await configDiagnostics(root);
    return error.length === 0 ? { ok: true, value } : { ok: false, error };
  } catch (error) {
    if (!(error instanceof InvalidDesign)) throw error;
    return { ok: false, error: error.diagnostics };
  }
}

function invalid(root: string, diagnostics: readonly Diagnostic[], json: boolean): number {
  if (json) showDiagnosticsAsJson(false, diagnostics);
  else showDiagnostics(root, diagnostics);
  return exitCode.invalid;
}

function registered(
  root: string,
  { plan, names }: { readonly plan: Plan; readonly names: readonly string[] },
): readonly MadeRegistration[] {
  const store = openStore(root);
  const at = new Date().toISOString();
  return store
    .openPlan(plan)
    .experiments.filter(({ planned }) => names.includes(planned.name))
    .map((experiment) => register(store.layout, experiment, { labwright: plan.labwright, at }));
}
