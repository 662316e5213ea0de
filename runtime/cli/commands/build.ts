// `lab build [path...]`: everything wrong at file:line, or a plan.
import { compile } from "../../compile/compile.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { flag, projectRoot } from "../options.ts";
import { showDiagnostics, showDiagnosticsAsJson } from "../terminal/show-diagnostics.ts";
import { countWords, durationWords, plural } from "../terminal/words.ts";

export const handle: CommandHandler = async (paths, options) => {
  const root = projectRoot(options);
  const started = performance.now();
  const result = await compile({ root, ...(paths.length > 0 && { paths }) });
  const json = flag(options, "json");
  if (!result.ok) {
    if (json) showDiagnosticsAsJson(false, result.error);
    else showDiagnostics(root, result.error);
    return exitCode.invalid;
  }
  const { plan, warnings, reused } = result.value;
  const experiments = plan.experiments.map(({ name, file, admittedCount, replicates }) => ({
    name,
    file,
    conditions: admittedCount,
    replicates: replicates.count,
    trials: admittedCount * replicates.count,
  }));
  if (json) {
    showDiagnosticsAsJson(true, warnings, { build: plan.build, reused, experiments });
    return exitCode.done;
  }
  if (warnings.length > 0) showDiagnostics(root, warnings);
  if (flag(options, "quiet")) return exitCode.done;
  for (const each of experiments) {
    const { name, file, conditions, replicates, trials } = each;
    process.stdout.write(
      `${name}  ${plural(conditions, "condition")} x ${plural(replicates, "replicate")} = ${plural(trials, "trial")}  ${file}\n`,
    );
  }
  const how = reused ? "unchanged" : "built";
  process.stdout.write(
    `${how} ${plan.build} in ${durationWords(performance.now() - started)}: ${countWords(experiments.length)} ${experiments.length === 1 ? "experiment" : "experiments"}, ${plural(plan.jobs.length, "job")}\n`,
  );
  return exitCode.done;
};
