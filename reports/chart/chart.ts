// What a chart is: a Vega-Lite specification with the words that must stand beside it. Charts are made from an Analysis,
// never from records, and every interval in them is a number of the analysis (Vega-Lite computes none).

/** A Vega-Lite 6 specification as JSON; the tests hold each one against Vega-Lite's own schema. */
export type ChartSpec = Readonly<Record<string, unknown>>;

export interface Chart {
  /** Unique in a report, safe as a file name and as an HTML id: "patience-profitgain-points". */
  readonly id: string;
  readonly title: string;
  /** What each mark means, which interval it is and how many values stand behind it. */
  readonly caption: string;
  /** The same numbers in words, for who cannot see the picture. */
  readonly alt: string;
  readonly spec: ChartSpec;
  /** True for a picture of what a table of the page draws row by row: it is for the files alone. */
  readonly isForFiles?: boolean;
  /** True for a chart of the author's, in which a warning of Vega's is no fault of ours. */
  readonly isAuthors?: boolean;
}

/** Lower-case letters, digits and dashes; other runs of characters become one dash. */
export function chartIdOf(...parts: readonly string[]): string {
  return parts
    .map((part) =>
      part
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-|-$/g, ""),
    )
    .filter((part) => part !== "")
    .join("-");
}
