// undeclared-metric: returned, and not among the metrics. TypeScript accepts extra members of a returned object; they would be lost.
import { undeclaredMetric } from "../../diagnostic/trial-code-messages.ts";
import { keysOf, propertyValue } from "./definition-parts.ts";
import { returnedMetrics } from "./returned-metrics.ts";
import { type Found, placeOf, type Rule, type Subject } from "./rule.ts";

export const undeclaredMetricRule: Rule = {
  code: "undeclared-metric",
  check(subject: Subject): readonly Found[] {
    const metrics = propertyValue(subject.experiment, "metrics");
    if (metrics === null) return [];
    const declared = keysOf(subject.denoter, subject.module, metrics);
    const returned = declared.open ? null : returnedMetrics(subject);
    const known = [...declared.names.keys()];
    return [...(returned?.names ?? [])]
      .filter(([name]) => !declared.names.has(name))
      .map(([name, node]) =>
        undeclaredMetric({ place: placeOf(subject.root, node), experiment: subject.name, name, known }),
      );
  },
};
