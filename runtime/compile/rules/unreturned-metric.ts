// unreturned-metric: declared, and on no path returned. A metric missing on some paths only is the type checker's to report.
import { nearest } from "../../diagnostic/nearest.ts";
import { unreturnedMetric } from "../../diagnostic/trial-code-messages.ts";
import { keysOf, propertyValue } from "./definition-parts.ts";
import { returnedMetrics } from "./returned-metrics.ts";
import { type Found, placeOf, type Rule, type Subject } from "./rule.ts";

export const unreturnedMetricRule: Rule = {
  code: "unreturned-metric",
  check(subject: Subject): readonly Found[] {
    const metrics = propertyValue(subject.experiment, "metrics");
    const returned = returnedMetrics(subject);
    if (metrics === null || returned === null || returned.open) return [];
    const declared = keysOf(subject.denoter, subject.module, metrics);
    const undeclared = declared.open
      ? []
      : [...returned.names.keys()].filter((name) => !declared.names.has(name));
    return [...declared.names].flatMap(([metric, { node }]) => {
      // A slip of the pen is reported once, where it is written: by undeclared-metric.
      if (
        returned.names.has(metric) ||
        undeclared.some((name) => nearest(name, declared.names.keys()) === metric)
      )
        return [];
      const place = placeOf(subject.root, node);
      const near = nearest(metric, undeclared);
      return [unreturnedMetric({ place, experiment: subject.name, metric, near })];
    });
  },
};
