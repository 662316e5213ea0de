// What a pilot says of shares and of rates: how large they are, how outcomes of a replicate hang together, how far counts are dispersed.
import { shareCorrelation } from "../../../lib/stats/proportions/averaged-shares.ts";
import type { LevelData, LevelDesign } from "../../design/level-design.ts";
import { eventsOf, levelDispersionOf, rateCellsOf, tallyOf } from "../estimates/measures/rate-data.ts";
import { countOf } from "../estimates/measures/share-data.ts";
import { numberText } from "../words/number-text.ts";
import type { RateAssumption, ShareAssumption } from "./assumption.ts";

interface PilotCounts<A> {
  readonly assumption: A;
  readonly source: string;
  readonly notes: readonly string[];
}

/** The share of the baseline, or of the first level. @throws RangeError without a trial. */
export function shareOfPilot(design: LevelDesign, baseline: string | null): PilotCounts<ShareAssumption> {
  const { base, design: kind, strata, correlation } = pilotOf(design, baseline);
  const { successes, n } = countOf(base.cells);
  const from = successes / n;
  return {
    assumption: { measure: "share", design: kind, from, correlation, strata },
    source: `the pilot's share at ${design.factor} = ${base.level} (${successes} of ${n})${together(kind, correlation)}`,
    notes: [ownError(n)],
  };
}

/** The rate of the baseline, or of the first level, and the dispersion within cells. @throws RangeError without a trial. */
export function rateOfPilot(design: LevelDesign, baseline: string | null): PilotCounts<RateAssumption> {
  const { base, design: kind, strata, correlation } = pilotOf(design, baseline);
  const { count, of } = tallyOf(base.cells);
  const trials = base.cells.reduce((sum, { cell }) => sum + eventsOf(cell).events.length, 0);
  const { theta } =
    design.kind === "cells"
      ? levelDispersionOf(design, base)
      : levelDispersionOf({ ...design, kind: "cells" }, base);
  const dispersed = Number.isFinite(theta) ? `, dispersed as theta = ${numberText(theta)}` : "";
  if (count === 0) throw new RangeError(`the pilot has no event at ${design.factor} = ${base.level}`);
  return {
    assumption: {
      measure: "rate",
      design: kind,
      from: count / of,
      theta: Number.isFinite(theta) ? theta : null,
      exposure: of / trials,
      correlation,
      strata,
    },
    source: `the pilot's rate at ${design.factor} = ${base.level} (${count} events over ${numberText(of)})${dispersed}${together(kind, correlation)}`,
    notes: [ownError(trials)],
  };
}

function pilotOf(design: LevelDesign, baseline: string | null) {
  const filled = design.levels.filter(({ units }) => units.length > 0);
  const base = filled.find(({ level }) => level === baseline) ?? filled[0];
  const other = filled.find((level) => level !== base);
  if (base === undefined || other === undefined)
    throw new RangeError(`the pilot has no two levels of ${design.factor} with a trial each`);
  const isPaired = design.kind === "replicates" || design.kind === "blocks";
  return {
    base,
    design: isPaired ? ("paired" as const) : ("independent" as const),
    strata: rateCellsOf(base, "cells").length,
    correlation: isPaired ? correlationOf(base, other) : 0,
  };
}

function correlationOf(base: LevelData, other: LevelData): number {
  const partner = new Map(other.units.map(({ id, value }) => [id, value]));
  const pairs = base.units.filter(({ id }) => partner.has(id));
  return shareCorrelation(
    pairs.map(({ value }) => value),
    pairs.map(({ id }) => partner.get(id)!),
  );
}

function together(design: "paired" | "independent", correlation: number): string {
  return design === "paired" ? `, correlated by ${numberText(correlation, 2)} within replicates` : "";
}

function ownError(n: number): string {
  return `A pilot's own error is in no number here: it rests on ${numberText(n)} trials of one level.`;
}
