// What stages and trials are handed, by name, as docs/experiment.md lists it; and what to say of a name that is none of these.
import { nearest } from "./nearest.ts";

export const stageParts: readonly string[] = [
  ...["parameters", "replicate", "random", "inputs", "record", "checkpoint", "restore", "steps", "effect"],
  ...["artifact", "log", "signal"],
];

export const trialParts: readonly string[] = [...stageParts, "effects", "censored", "refuse"];

/** The words about a name that `who` ("A stage") is not handed. */
export function notHandedWords(who: string, name: string): { readonly text: string; readonly hint: string } {
  if (who === "A stage" && name === "effects") {
    return {
      text: 'A stage is handed no "effects": ports are asked by trials',
      hint: "A stage asks by `effect(key, request, { kind })`, which a performer or a port of lab.config.ts answers (docs/language-models.md).",
    };
  }
  const parts = who === "A stage" ? stageParts : trialParts;
  const near = nearest(name, parts) ?? parts.find((part) => part.startsWith(name)) ?? null;
  return {
    text: `${who} is handed no "${name}"`,
    hint: near === null ? "docs/experiment.md lists what it is handed." : `Did you mean "${near}"?`,
  };
}
