// Labels as they are shown beside each other: what all share is said once, the middle of what is still too long is left out, and never so
// that two look the same. The whole label is on hover.
import { type Html, html } from "../html.ts";

export interface ShownLabels {
  /** What stands in a row for each label. */
  readonly text: ReadonlyMap<string, string>;
  /** What all labels share, said once above them: "… = policy number"; null where nothing was taken out. */
  readonly shared: string | null;
}

/** Of a label at most so many letters are shown. */
const labelMax = 80;
/** Labels up to this length are left as they are: they are read faster than they are put together. */
const shortMax = 24;

/** Labels up to this length are not broken at their hyphens. */
const unbrokenMax = 18;

/** @example shownLabels(["policy with a long name 1", "policy with a long name 2"]).text.get("policy with a long name 1")  // "… 1" */
export function shownLabels(labels: readonly string[]): ShownLabels {
  const distinct = [...new Set(labels)];
  const longest = distinct.reduce((length, label) => Math.max(length, label.length), 0);
  const whole: ShownLabels = { text: new Map(distinct.map((label) => [label, label])), shared: null };
  const parted =
    distinct.length < 2 || longest <= shortMax
      ? whole
      : (withoutEqualKeys(distinct) ?? withoutEqualEnds(distinct) ?? whole);
  const cut = (text: string) =>
    text.length <= labelMax ? text : `${text.slice(0, labelMax / 2 - 1)}…${text.slice(-labelMax / 2)}`;
  const counts = new Map<string, number>();
  for (const text of parted.text.values()) counts.set(cut(text), (counts.get(cut(text)) ?? 0) + 1);
  return {
    text: new Map(
      [...parted.text].map(([label, text]) => [label, counts.get(cut(text)) === 1 ? cut(text) : text]),
    ),
    shared: parted.shared,
  };
}

/** Levels that are records: only the keys in which they differ. */
function withoutEqualKeys(labels: readonly string[]): ShownLabels | null {
  const records = labels.map(recordOf);
  if (records.some((record) => record === null)) return null;
  const keys = [...new Set(records.flatMap((record) => Object.keys(record!)))];
  const isEqual = (key: string) => new Set(records.map((record) => JSON.stringify(record![key]))).size === 1;
  const equal = keys.filter(isEqual);
  if (equal.length === 0) return null;
  const written = (record: Readonly<Record<string, unknown>>, names: readonly string[]) =>
    names.flatMap((name) => (name in record ? [`${name}: ${JSON.stringify(record[name])}`] : [])).join(", ");
  const own = keys.filter((key) => !isEqual(key));
  const text = new Map(labels.map((label, i) => [label, `{${written(records[i]!, own)}, …}`]));
  // Records that differ only in the order of their keys would look the same.
  return new Set(text.values()).size < labels.length
    ? null
    : { text, shared: `… = ${written(records[0]!, equal)}` };
}

function recordOf(label: string): Readonly<Record<string, unknown>> | null {
  if (!label.startsWith("{")) return null;
  try {
    const value: unknown = JSON.parse(label);
    // What JSON.parse gives for a text in braces is a record.
    return value as Readonly<Record<string, unknown>>;
  } catch {
    return null;
  }
}

/** The words that all begin with, where they are many. */
function withoutEqualEnds(labels: readonly string[]): ShownLabels | null {
  const [first, ...others] = labels;
  let length = 0;
  while (length < first!.length && others.every((label) => label[length] === first![length])) length += 1;
  const prefix = first!.slice(0, length).replace(/[^\s,;/=]*$/, "");
  if (prefix.length < shortMax / 2) return null;
  const text = new Map(labels.map((label) => [label, `… ${label.slice(prefix.length)}`]));
  return { text, shared: `… = ${prefix.trim()}` };
}

/** "− erdos-renyi" after a label, in soft ink; nothing where the row is held against nothing. */
export function againstHtml(
  { against }: { readonly against: { readonly sign: string; readonly level: string } | null },
  labels: ShownLabels,
): Html | null {
  return against === null
    ? null
    : html` <span class="soft">${against.sign} ${labelHtml(against.level, labels)}</span>`;
}

/** A label in a cell, with the whole of it on hover where it is not shown whole. */
export function labelHtml(label: string, { text }: ShownLabels): Html {
  const shown = text.get(label) ?? label;
  const whole = shown.length <= unbrokenMax && html` class="whole"`;
  return shown === label
    ? html`<span${whole}>${label}</span>`
    : html`<span${whole} title="${label}">${shown}</span>`;
}
