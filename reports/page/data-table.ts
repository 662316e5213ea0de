// One way to write a table: columns that know how to show a row, and the full-precision key that the sort uses.
// Long tables show their first rows and say where the rest is.
import { type Html, type HtmlPart, html } from "./html.ts";

export interface Column<Row> {
  readonly head: HtmlPart;
  /** Numbers stand right. */
  readonly isNumber?: boolean;
  /** What the cell shows. */
  show(row: Row): HtmlPart;
  /** Key for sorting; null sorts last. Without it the text is the key. */
  key?(row: Row): number | string | null;
}

export interface TableOptions<Row> {
  readonly caption: HtmlPart;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** A table with more rows than this shows the first half of so many; the rest is counted in a line below. */
  readonly rowsMax?: number;
  readonly isSortable?: boolean;
}

export function dataTable<Row>(options: TableOptions<Row>): Html {
  const { columns, rows, rowsMax = 200 } = options;
  // Nobody reads on at row 200: a long table is a sample of the file, and a shorter one opens sooner.
  const shown = rows.length > rowsMax ? rows.slice(0, rowsMax / 2) : rows;
  const sortable = options.isSortable !== false && rows.length > 1;
  return html`<div class="scroll${rows.length > 30 && " tall"}" tabindex="0" role="region" aria-label="Table, scrolls sideways"><table${sortable && html` class="sortable"`}>
<caption><span>${options.caption}</span></caption>
<thead><tr>${columns.map((column) => html`<th scope="col"${column.isNumber === true && html` class="number"`}>${column.head}</th>`)}</tr></thead>
<tbody>
${shown.map((row) => html`<tr>${columns.map((column, i) => cellOf(column, row, i === 0))}</tr>\n`)}</tbody></table></div>
${rows.length > shown.length && html`<p class="meta">The first ${shown.length} of ${rows.length} rows; all of them are in the CSV and JSON files beside this page.</p>`}`;
}

function cellOf<Row>(column: Column<Row>, row: Row, isHead: boolean): Html {
  const key = column.key?.(row);
  const value = key === undefined ? null : html` data-value="${key === null ? "" : String(key)}"`;
  const align = column.isNumber === true && html` class="number"`;
  return isHead
    ? html`<th scope="row"${align}${value}>${column.show(row)}</th>`
    : html`<td${align}${value}>${column.show(row)}</td>`;
}
