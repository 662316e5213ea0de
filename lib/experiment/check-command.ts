// Names in a command that the definition does not have: parameters, metrics and series, at the line of the command.
import { isToken } from "./command.ts";
import type { ExperimentDefinition } from "./definition.ts";
import { type DefinitionProblem, type DefinitionProblemCode, problemOf } from "./problem.ts";

/** What is wrong with the programs of an experiment, given the names of its parameters. */
export function checkCommands(
  { stages, metrics, series }: Pick<ExperimentDefinition, "stages" | "metrics" | "series">,
  parameters: readonly string[],
): readonly DefinitionProblem[] {
  return stages.flatMap(({ command }) => {
    if (command === undefined) return [];
    const { run, config, metrics: source, series: sources = {}, exits = {} } = command.options;
    const unknown = (code: DefinitionProblemCode, names: readonly string[], candidates: readonly string[]) =>
      names
        .filter((name) => !candidates.includes(name))
        .map((found) => problemOf({ code, subject: "the command", found, candidates, site: command.site }));
    const tokens = [...run, ...Object.values(config?.set ?? {})].filter(isToken);
    const named = tokens.flatMap((token) => (token.token === "parameter" ? [token.name] : []));
    const read = "output" in source ? Object.keys(source.output) : Object.keys(source.names ?? {});
    const censored = Object.values(exits).flatMap((exit) => (exit === "refused" ? [] : [exit.censored]));
    return [
      ...unknown("unknown-parameter", [...new Set(named)], parameters),
      ...unknown("unknown-metric", [...new Set([...read, ...censored])], Object.keys(metrics)),
      ...unknown("unknown-series", Object.keys(sources), Object.keys(series)),
    ];
  });
}
