// unrecorded-series: a series that no stage records. Only said when every call of `record` can be seen.

import { unrecordedSeries } from "../../diagnostic/trial-code-messages.ts";
import { ts } from "../typescript/ts-morph.ts";
import { contextEscapes } from "./context-escapes.ts";
import { keysOf, propertyValue } from "./definition-parts.ts";
import { type Found, placeOf, type Rule, type Subject } from "./rule.ts";

export const unrecordedSeriesRule: Rule = {
  code: "unrecorded-series",
  check(subject: Subject): readonly Found[] {
    const series = propertyValue(subject.experiment, "series");
    const recorded = series === null ? null : recordedSeries(subject);
    if (series === null || recorded === null) return [];
    return [...keysOf(subject.denoter, subject.module, series).names]
      .filter(([name]) => !recorded.has(name))
      .map(([name, { node }]) =>
        unrecordedSeries({ place: placeOf(subject.root, node), experiment: subject.name, series: name }),
      );
  },
};

/** Names given to `record`; null when `record` or the context goes where syntax cannot follow. */
function recordedSeries(subject: Subject): ReadonlySet<string> | null {
  const names = new Set<string>();
  if (contextEscapes(subject)) return null;
  for (const { declaration } of subject.reached) {
    for (const node of [...declaration.identifiers, ...declaration.members]) {
      if (subject.context.nameOf(declaration.module, node) !== "record") continue;
      const { parent } = node;
      const [name] = ts.isCallExpression(parent) && parent.expression === node ? parent.arguments : [];
      if (name === undefined || !ts.isStringLiteralLike(name)) return null;
      names.add(name.text);
    }
  }
  return names;
}
