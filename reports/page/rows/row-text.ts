// The numbers of a row as text: one number of decimals a group, a sign where zero is the reference, p without its letter.
import {
  decimalsFor,
  intervalText,
  numberText,
  pText,
  signedText,
} from "../../analysis/words/number-text.ts";
import { type Html, html } from "../html.ts";
import { type FindingRow, type RowGroup, rowsOf } from "./finding-row.ts";

/** Decimals that every number of a group has: two significant digits of the narrowest interval's half width; null without one. */
export function decimalsOf(rows: readonly Pick<FindingRow, "interval">[]): number | null {
  const widths = rows
    .flatMap(({ interval }) => (interval === null ? [] : [(interval.high - interval.low) / 2]))
    .filter((width) => width > 0);
  return widths.length === 0 ? null : decimalsFor(widths.reduce((a, b) => Math.min(a, b)));
}

export interface NumberFormat {
  readonly decimals: number | null;
  /** Differences have a sign even when positive. */
  readonly isSigned: boolean;
}

export function formatOf(group: RowGroup): NumberFormat {
  return { decimals: decimalsOf(rowsOf(group)), isSigned: group.scale.reference === 0 };
}

export function valueText(value: number, { decimals, isSigned }: NumberFormat): string {
  return isSigned ? signedText(value, decimals) : numberText(value, decimals);
}

/** "**+0.077** [0.066, 0.089]". */
export function estimateText(
  { estimate, interval }: Pick<FindingRow, "estimate" | "interval">,
  format: NumberFormat,
): Html | null {
  if (estimate === null) return null;
  const after =
    interval === null
      ? null
      : interval.low === interval.high
        ? html` <span class="why">exactly</span>`
        : html` ${intervalText(interval, format.decimals)}`;
  return html`<span class="value">${valueText(estimate, format)}</span>${after}`;
}

/** "0.031", "< 1e-15": the column head already says p. */
export function bareP(p: number): string {
  return pText(p).replace(/^p (= )?/, "");
}
