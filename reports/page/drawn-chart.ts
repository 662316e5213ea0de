// What the page is given beside the analysis: charts already drawn, and what could not be made.
import type { Chart } from "../chart/chart.ts";
import type { ChartPlace } from "../chart/charts.ts";

/** A chart with its drawing, and where on the page it belongs. */
export interface DrawnChart {
  readonly chart: Chart;
  readonly svg: string;
  readonly experiment: string;
  readonly about: ChartPlace;
}

/** Something that went wrong in labwright itself: a sentence in its place, never a reason to lose the rest. */
export interface ReportFault {
  readonly experiment: string;
  readonly kind: "finding" | "chart";
  /** Title of the finding; metric, finding or experiment that the chart was to show. */
  readonly about: string;
  /** "AssertionError: ...". */
  readonly message: string;
}
