// Linear interpolation in a printed table, held at its ends: for p values that exist only as tables.

/** The value at `at` of the broken line through (x, y); x ascending. Outside the table the nearest end is returned. */
export function interpolate(table: { x: readonly number[]; y: readonly number[] }, at: number): number {
  const { x, y } = table;
  if (at <= x[0]!) return y[0]!;
  for (let i = 1; i < x.length; i += 1)
    if (at <= x[i]!) return y[i - 1]! + ((y[i]! - y[i - 1]!) * (at - x[i - 1]!)) / (x[i]! - x[i - 1]!);
  return y[y.length - 1]!;
}
