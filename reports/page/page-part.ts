// What every section of a page is handed: one experiment with its rows and drawings, and the names of its anchors.
import type { ExperimentAnalysis } from "../analysis/analysis.ts";
import type { DrawnChart } from "./drawn-chart.ts";
import type { RowGroup } from "./rows/finding-row.ts";
import type { Headline } from "./rows/headline.ts";

export interface PagePart {
  readonly experiment: ExperimentAnalysis;
  readonly groups: readonly RowGroup[];
  readonly headline: Headline;
  /** Drawings for the page; those that repeat a table are for the files alone and absent. */
  readonly charts: readonly DrawnChart[];
  /** The drawing beside the answer, which stands nowhere else; null for none. */
  readonly lead: DrawnChart | null;
  /** What could not be drawn, in sentences. */
  readonly undrawn: readonly string[];
  /** The id of an anchor, unique in the page: "findings", or "findings-2" in the second of several experiments. */
  anchor(name: string): string;
}

/** The drawings about one thing, without the one beside the answer. */
export function chartsAbout(
  part: PagePart,
  kind: DrawnChart["about"]["kind"],
  name: string,
): readonly DrawnChart[] {
  return part.charts
    .filter(({ about }) => about.kind === kind && about.name === name)
    .filter((drawn) => drawn !== part.lead);
}
