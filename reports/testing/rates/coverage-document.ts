// docs/coverage.md: the tables of all simulated rates.
import { percentOf, type Rate, type Tally } from "./rate.ts";
import type { Topic } from "./topics.ts";

export interface CountedTopic extends Pick<Topic, "name" | "about"> {
  readonly counted: readonly { readonly rate: Rate; readonly tally: Tally }[];
}

/**
 * The document with a section for each topic, in their order. A topic without counts keeps the section that `before`, the document as it was, has of
 * it; one that has none there is left out.
 */
export function coverageDocumentOf(
  topics: readonly CountedTopic[],
  of: { readonly experiments: number; readonly before: string },
): string {
  const { experiments, before } = of;
  const held = new Map(
    before
      .split(/^(?=## )/m)
      .slice(1)
      .map((section) => [section.slice(3, section.indexOf("\n")), section.trim()]),
  );
  const sections = topics.flatMap((topic) => {
    const heading = headingOf(topic.name);
    return topic.counted.length > 0 ? [sectionOf(topic, heading)] : (held.get(heading) ?? []);
  });
  return `# Rates of error, simulated

Written by \`npm run coverage\`: each row is ${experiments} simulated experiments (seeds 1 to ${experiments}), the percentage of answers that were wrong
with its Monte Carlo standard error, what is promised, and the most that is tolerated (a dash where the rate is published, not
promised). The last column counts experiments in which the method said that it has no answer. \`npm run coverage -- PART\` runs the rows
whose topic or name holds PART and writes nothing; named topics (\`npm run coverage -- gates\`) have their sections written anew. The rows are the
files \`reports/testing/rates/*.rates.ts\`; a test runs them all with fewer seeds.

${sections.join("\n\n")}
`;
}

function sectionOf({ about, counted }: CountedTopic, heading: string): string {
  return [
    `## ${heading}`,
    ...(about === null ? [] : [about]),
    [
      "| what is simulated | errs, % | nominal, % | at most, % | no answer, % |",
      "| --- | --- | --- | --- | --- |",
      ...counted.map(({ rate, tally }) => `| ${cellsOf(rate, tally).join(" | ")} |`),
    ].join("\n"),
  ].join("\n\n");
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
