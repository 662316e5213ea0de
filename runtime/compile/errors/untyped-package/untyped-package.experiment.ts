import escapeLatex from "escape-latex";
import { defineExperiment, metric, sweep } from "labwright";

export default defineExperiment({
  name: "untyped-package",
  parameters: { text: sweep(["a_b", "a&b"]) },
  metrics: { length: metric.integer() },
  trial: ({ parameters }) => ({ length: String(escapeLatex(parameters.text)).length }),
});
