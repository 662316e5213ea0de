// Labels that are too long for their place: the middle is left out, and never so that two of them look the same.

/** Letters that an axis of rows has room for. */
const lengthDefault = 30;

/**
 * A short label for each long one; labels that fit are not in the map.
 *
 * Two labels that the ellipsis would make equal show the place where they part instead.
 *
 * @param lengthMax letters that there is room for, at least 4.
 * @example shortLabels(["policy of many words 1"])  // an empty map
 */
export function shortLabels(
  labels: readonly string[],
  lengthMax: number = lengthDefault,
): ReadonlyMap<string, string> {
  const head = Math.floor((lengthMax - 1) / 2);
  const tail = lengthMax - 1 - head;
  const long = [...new Set(labels)].filter((label) => label.length > lengthMax);
  const groups = new Map<string, string[]>();
  for (const label of long) {
    const ends = `${label.slice(0, head)}…${label.slice(-tail)}`;
    groups.set(ends, [...(groups.get(ends) ?? []), label]);
  }
  const short = new Map<string, string>();
  const taken = new Set(labels.filter((label) => label.length <= lengthMax));
  for (const [ends, own] of groups)
    for (const label of own) {
      const wanted = own.length === 1 ? ends : partOf(label, own, lengthMax);
      let free = wanted;
      for (let count = 2; taken.has(free); count += 1) free = `${wanted} (${count})`;
      taken.add(free);
      short.set(label, free);
    }
  return short;
}

/** What stands around the first place where the label leaves one of the others. */
function partOf(label: string, among: readonly string[], lengthMax: number): string {
  const parting = Math.max(
    ...among.filter((other) => other !== label).map((other) => sharedLength(label, other)),
  );
  const from = Math.max(0, parting - Math.ceil(lengthMax / 4));
  const part = label.slice(from, from + lengthMax - 2);
  return `${from > 0 ? "…" : ""}${part}${from + part.length < label.length ? "…" : ""}`;
}

function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

/** The axis with short labels in the place of long ones; itself where all fit. */
export function withShortLabels<A extends Readonly<Record<string, unknown>>>(
  axis: A,
  labels: readonly string[],
): A {
  const short = shortLabels(labels);
  if (short.size === 0) return axis;
  const names = JSON.stringify(Object.fromEntries(short));
  return { ...axis, labelExpr: `(${names})[datum.label] || datum.label`, labelLimit: 260 };
}
