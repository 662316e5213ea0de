// One line of CSV, ended by LF: cells in quotes where RFC 4180 wants them, missing is empty, numbers as JavaScript writes them exactly.

/** The values of a row with commas between and a line break after. */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map(cellOf).join(",")}\n`;
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
