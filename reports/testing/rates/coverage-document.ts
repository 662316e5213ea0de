// docs/coverage.md: the tables of all simulated rates.
import { percentOf, type Rate, type Tally } from "./rate.ts";
import type { Topic } from "./topics.ts";

export interface CountedTopic extends Pick<Topic, "name" | "about"> {
  readonly counted: readonly { readonly rate: Rate; readonly tally: Tally }[];
}

export function coverageDocumentOf(topics: readonly CountedTopic[], experiments: number): string {
  const sections = topics.map(({ name, about, counted }) => {
    const rows = counted.map(({ rate, tally }) => `| ${cellsOf(rate, tally).join(" | ")} |`);
    return [
      `## ${headingOf(name)}`,
      ...(about === null ? [] : [about]),
      [
        "| what is simulated | errs, % | nominal, % | at most, % | no answer, % |",
        "| --- | --- | --- | --- | --- |",
        ...rows,
      ].join("\n"),
    ].join("\n\n");
  });
  return `# Rates of error, simulated

Written by \`npm run coverage\`: each row is ${experiments} simulated experiments (seeds 1 to ${experiments}), the percentage of answers that were wrong
with its Monte Carlo standard error, what is promised, and the most that is tolerated (a dash where the rate is published, not
promised). The last column counts experiments in which the method said that it has no answer. \`npm run coverage -- PART\` runs the rows
whose topic or name holds PART and writes nothing. The rows are the files \`reports/testing/rates/*.rates.ts\`; a test runs them all with fewer seeds.

${sections.join("\n\n")}
`;
}

/** The columns of one rate, as text. */
export function cellsOf(rate: Rate, tally: Tally): readonly string[] {
  const observed = percentOf(tally);
  const refused = (100 * tally.refused) / tally.experiments;
  return [
    rate.name,
    observed === null ? "none" : `${observed.percent.toFixed(2)} ± ${observed.error.toFixed(2)}`,
    String(rate.nominal),
    rate.limit === null ? "-" : String(rate.limit),
    refused === 0 ? "" : refused.toFixed(1),
  ];
}

function headingOf(name: string): string {
  const words = name.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
