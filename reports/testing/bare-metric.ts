// A metric without cells, as the measures of a report take it: what the rates hand over with tables of their own.
import type { MetricSummary } from "../analysis/analysis.ts";

export const bareMetric: MetricSummary = {
  name: "m",
  kind: "number",
  unit: null,
  range: null,
  direction: null,
  description: null,
  title: "m",
  isPrimary: true,
  cells: [],
  counts: [],
  across: null,
};
