// What only loaded definitions show: the problems that builders kept, names that occur twice, spaces that are empty or repeat
// themselves, series that cannot be stored.
import type { CallSite } from "../../../lib/experiment/call-site.ts";
import { problemOf } from "../../../lib/experiment/problem.ts";
import type { Diagnostic, SourcePlace } from "../../diagnostic/diagnostic.ts";
import {
  badSeries,
  conditionThrew,
  duplicateExperiment,
  emptySpace,
  equalConditions,
  metricNamedAsParameter,
} from "../../diagnostic/messages.ts";
import { definitionProblem } from "../../diagnostic/problem-messages.ts";
import type { LocatedExperiment } from "../check/locate.ts";
import type { TrialPart } from "../rules/place-in-trial.ts";
import type { LoadedExperiment, LoadedProblem, SpaceProblem } from "./loaded-experiment.ts";

/** Units are numbered in 32 bits. */
const unitsMax = 2 ** 32 - 1;

/** A loaded experiment and where it is written: what is checked, then linked. */
export interface PlacedExperiment {
  readonly experiment: LoadedExperiment;
  /** Where its defineExperiment call stands. */
  readonly place: SourcePlace | null;
  /** The definition as written; null where it is not written where it is exported. */
  readonly written: LocatedExperiment | null;
}

/** Finds the words that a problem is about; given by the cold build, which has the syntax trees. */
export type Refine = (
  vague: Pick<PlacedExperiment, "place" | "written"> & {
    readonly subject: string;
    readonly part: TrialPart | null;
  },
) => SourcePlace | null;

export function checkDefinitions(
  items: readonly PlacedExperiment[],
  placeOf: (site: CallSite | null) => SourcePlace | null,
  refine: Refine = ({ place }) => place,
): readonly Diagnostic[] {
  const diagnostics = duplicates(items);
  for (const { experiment, place, written } of items) {
    const exactly = (subject: string): SourcePlace | null => refine({ subject, part: null, place, written });
    for (const problem of experiment.problems) {
      const { subject, part = partOfOption(problem), site } = problem;
      const at = problem.place ?? refine({ subject, part, place: placeOf(site) ?? place, written });
      diagnostics.push(definitionProblem(problem, at));
    }
    for (const problem of experiment.spaceProblems)
      diagnostics.push(spaceDiagnostic(problem, experiment, exactly("parameters"), placeOf));
    for (const [series, made] of Object.entries(experiment.series)) {
      if ("reason" in made)
        diagnostics.push(
          badSeries({
            place: exactly(`series "${series}"`),
            series,
            reason: made.reason.replace(/[.]$/, ""),
          }),
        );
    }
    for (const metric of Object.keys(experiment.metrics)) {
      if (experiment.parameters.includes(metric))
        diagnostics.push(metricNamedAsParameter({ place: exactly(`metric "${metric}"`), name: metric }));
    }
    const trials = experiment.conditions * experiment.replicates.count;
    const isKnown = experiment.problems.some(({ code }) => code === "too-many-trials");
    if (trials > unitsMax && !isKnown) {
      const problem = problemOf({
        code: "too-many-trials",
        subject: `experiment "${experiment.name}"`,
        found: `${trials}`,
      });
      diagnostics.push(definitionProblem(problem, place));
    }
  }
  return diagnostics;
}

/** Options of `grpc` are known by their names. */
function partOfOption({ code, subject }: LoadedProblem): TrialPart | null {
  const [, name] = code === "bad-orchestrator" ? (/^option "(.*)"$/.exec(subject) ?? []) : [];
  return name === undefined ? null : { kind: "option", name };
}

function duplicates(items: readonly PlacedExperiment[]): Diagnostic[] {
  const firstOf = new Map<string, SourcePlace>();
  const found: Diagnostic[] = [];
  for (const { experiment, place } of items) {
    const { name, file } = experiment;
    const first = firstOf.get(name);
    if (first === undefined) firstOf.set(name, place ?? { file, line: 1, column: 1, length: 1 });
    else found.push(duplicateExperiment({ place, name, first }));
  }
  return found;
}

function spaceDiagnostic(
  problem: SpaceProblem,
  { name: experiment }: LoadedExperiment,
  place: SourcePlace | null,
  placeOf: (site: CallSite | null) => SourcePlace | null,
): Diagnostic {
  switch (problem.kind) {
    case "empty":
      return emptySpace({ place, experiment, raw: problem.raw });
    case "equal":
      return equalConditions({ place, experiment, ...problem });
    case "threw": {
      const at = problem.frames.map(placeOf).find((found) => found !== null) ?? place;
      return conditionThrew({
        place: at,
        experiment,
        part: problem.part,
        condition: problem.condition,
        text: problem.text,
      });
    }
    case "derived":
      return definitionProblem(
        problemOf({
          code: "not-json",
          subject: `derived value "${problem.parameter}"`,
          found: problem.found,
        }),
        place,
      );
  }
}
