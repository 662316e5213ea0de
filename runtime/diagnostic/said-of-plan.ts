// Hints that are worded for a module, worded for the plan file that stands for it.
import type { Diagnostic } from "./diagnostic.ts";

/** A comment begins with `#` in YAML, and JSON has none. */
export function saidOfPlan(diagnostic: Diagnostic): Diagnostic {
  const { hint, place } = diagnostic;
  if (hint === null || place === null) return diagnostic;
  const said = /[.]json$/i.test(place.file)
    ? hint.replace(
        /say why it is sound: \/\/ lab-allow \S+: <reason>$/,
        `say why it is sound in a module, since JSON has no comments: lab import ${place.file} writes one`,
      )
    : hint;
  return { ...diagnostic, hint: said.replace(/\/\/(?= lab-allow )/, "#") + elsewhere(diagnostic) };
}

/** What a plan puts into each configuration of an orchestrator by itself, and how it is told another place. */
const placed: Readonly<Record<string, string>> = {
  seed: 'Or name its field: "seed: <path>" under orchestrator.',
  metrics_to_track:
    'Or, under orchestrator, "metrics: <path>" names its field, and "metrics: false" leaves it out.',
};

function elsewhere({ code, message }: Diagnostic): string {
  const [, name = ""] = /^Configuration "(\w+)"/.exec(message) ?? [];
  const said = code === "unknown-field" ? placed[name] : undefined;
  return said === undefined ? "" : ` ${said}`;
}
