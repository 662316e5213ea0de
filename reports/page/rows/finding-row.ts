// A finding as rows of a table: what every kind of analysis has in common, so that all of them stand in one table and new kinds come in
// by data. A row is one estimate; a group is one declared analysis with an axis of its own.
import type { Finding } from "../../analysis/finding.ts";
import { type ShownLabels, shownLabels } from "./shown-labels.ts";

export interface Ends {
  readonly low: number;
  readonly high: number;
}

/** Whether the evidence decided what the row asks, left it open, or nothing was asked (a description). */
export type RowState = "decided" | "open" | "described";

export interface FindingRow {
  /** "watts-strogatz"; never cut. */
  readonly label: string;
  /** What the label is held against, with the sign between them: "−", "erdos-renyi"; null for none. */
  readonly against: { readonly sign: string; readonly level: string } | null;
  readonly estimate: number | null;
  /** For this estimate alone; its level in (0, 1) where it is known. */
  readonly interval: (Ends & { readonly level?: number }) | null;
  /** Holds together with the others of its family, under the correction of the verdict; null where there is none. */
  readonly adjusted: Ends | null;
  /** The single conditions that the estimate averages, where there are several. */
  readonly ticks: readonly number[];
  readonly state: RowState;
  /** "lower, better", "inconclusive: would see ±0.018", or why there is no number. */
  readonly verdict: string;
  /** The p value that the verdict follows; null without a test. */
  readonly p: number | null;
  readonly effect: EffectValue | null;
  /** "356", "30 pairs"; empty where it is not known. */
  readonly n: string;
}

export interface EffectValue {
  readonly name: string;
  readonly value: number;
}

export interface RowPart {
  /** The levels that are held fixed: "vaccinated = 0.2"; null when the whole design is meant. */
  readonly head: string | null;
  readonly rows: readonly FindingRow[];
}

/** How the numbers of a group are placed on its axis. */
export interface RowScale {
  /** Where two levels are alike; null for estimates that are held against nothing. */
  readonly reference: number | null;
  /** Half the width of the band in which levels count as equivalent; null for none. */
  readonly margin: number | null;
  readonly isLog: boolean;
}

export interface RowGroup {
  /** Where it stands in full: "finding-ID" of its first finding, "gates", "stopping". */
  readonly anchor: string;
  readonly title: string;
  /** Empty for the intervals of a stopping rule. */
  readonly findings: readonly Finding[];
  /** What is estimated, its unit and direction, how p values are corrected: "difference of means, share infected, lower is better". */
  readonly note: string;
  readonly scale: RowScale;
  readonly parts: readonly RowPart[];
}

/** The rows of a group in order. */
export function rowsOf(group: RowGroup): readonly FindingRow[] {
  return group.parts.flatMap(({ rows }) => rows);
}

/** "watts-strogatz − erdos-renyi": a row names what it is held against. */
export function betweenText({ label, against }: Pick<FindingRow, "label" | "against">): string {
  return against === null ? label : `${label} ${against.sign} ${against.level}`;
}

/** The labels of a group as they stand in its rows, what they are held against among them. */
export function labelsOf(group: RowGroup): ShownLabels {
  return shownLabels(
    rowsOf(group)
      .filter(({ estimate, against }) => estimate !== null || against !== null)
      .flatMap(({ label, against }) => [label, ...(against === null ? [] : [against.level])]),
  );
}

/** A row that only says something. */
export function wordsRow(label: string, verdict: string): FindingRow {
  return { ...emptyRow, label, verdict };
}

/** What a row has that has nothing. */
export const emptyRow: Omit<FindingRow, "label" | "verdict"> = {
  against: null,
  estimate: null,
  interval: null,
  adjusted: null,
  ticks: [],
  state: "described",
  p: null,
  effect: null,
  n: "",
};
