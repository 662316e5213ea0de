// What is wrong with a trial that is a simulation of an orchestrator, as far as its definition shows: options, names, tokens that mean nothing
// to it. What the schema says is looked at by the compiler, which reads it.
import { isToken } from "./command.ts";
import type { ExperimentDefinition } from "./definition.ts";
import { simulationPort } from "./grpc.ts";
import { type DefinitionProblem, problemOf } from "./problem.ts";

/** Given the names of the experiment's parameters. */
export function checkSimulation(
  { effects, metrics, series }: Pick<ExperimentDefinition, "effects" | "metrics" | "series">,
  parameters: readonly string[],
): readonly DefinitionProblem[] {
  const { simulation, site = null, problems = [] } = effects[simulationPort] ?? {};
  if (simulation === undefined) return [];
  const tokens = Object.values(simulation.set ?? {}).filter(isToken);
  const subject = "the trial";
  const unnamed = tokens.filter(({ token }) => token !== "parameter" && token !== "seed");
  const named = tokens.flatMap((token) => (token.token === "parameter" ? [token.name] : []));
  const known = Object.keys(metrics);
  const unknown = (
    code: "unknown-parameter" | "unknown-metric" | "unknown-series",
    names: readonly string[],
    candidates: readonly string[],
  ) =>
    names
      .filter((name) => !candidates.includes(name))
      .map((found) => problemOf({ code, subject, found, candidates, site }));
  return [
    ...problems,
    ...unnamed.map(({ token }) =>
      problemOf({
        code: "bad-orchestrator",
        subject,
        found: `the token of ${token.replaceAll("-", " ")} in its configuration`,
        expected: 'values, parameter("...") and trialSeed: a simulation elsewhere has no files here',
        site,
      }),
    ),
    ...unknown("unknown-parameter", named, parameters),
    ...unknown("unknown-metric", Object.keys(simulation.metrics), known),
    ...unknown("unknown-series", Object.keys(simulation.series), Object.keys(series)),
  ];
}
