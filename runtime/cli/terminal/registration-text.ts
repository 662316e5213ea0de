// What `lab build --register` prints for each experiment: the hash, the date, the file, and a sentence that can stand in a paper.
import type { MadeRegistration } from "../../store/registrations.ts";
import { countWords, plural } from "./words.ts";

/** What was frozen, in words that can stand in a paper. */
export function registrationText({ registration, isNew }: MadeRegistration): string {
  const { content, hash, at, file } = registration;
  const { design, stopping } = content;
  const replicates =
    stopping === null
      ? plural(design.replicates ?? 0, "replicate")
      : `${countWords(stopping.min)} to ${countWords(stopping.max)} replicates by a stopping rule on ${stopping.metric}`;
  const count = content.analyses.length;
  const analysesText = count === 1 ? "one analysis were" : `${countWords(count)} analyses were`;
  const analyses = content.analyses.map(({ name }) => `  - ${name}\n`).join("");
  return `
${isNew ? "registered" : "registered already"}: ${content.experiment}, ${at}
  sha256:${hash}
  ${file}
The question${content.question === null ? "" : ` ("${content.question}")`}, the design (${plural(design.conditions, "condition")}, ${replicates}, ${design.pairing}, seed ${design.seed})
and ${analysesText} fixed on ${at.slice(0, 10)} under the hash above${content.analyses.length === 0 ? "." : ":"}
${analyses}`;
}
