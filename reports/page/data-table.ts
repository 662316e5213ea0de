// One way to write a table of numbers: columns that know how to show a row, and the full-precision key that the sort uses.
// Long tables show their first rows and say where the rest is.
import { type Html, type HtmlPart, html } from "./html.ts";
import { scrolling } from "./scrolling.ts";

export interface Column<Row> {
  readonly head: HtmlPart;
  /** Numbers stand right. */
  readonly isNumber?: boolean;
  /** A cell of marks. */
  readonly isGlyph?: boolean;
  /** Short texts that are not to break. */
  readonly isWhole?: boolean;
  /** What the cell shows. */
  show(row: Row): HtmlPart;
  /** Key for sorting; null sorts last. Without it the text is the key. */
  key?(row: Row): number | string | null;
}

export interface TableOptions<Row> {
  readonly caption: HtmlPart;
  /** What a screen reader calls the place in which the table scrolls. */
  readonly name: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** A table with more rows than this shows the first half of so many; the rest is counted in a line below. */
  readonly rowsMax?: number;
  readonly isSortable?: boolean;
  /** Tables with marks fill the page; those of numbers are as wide as these. */
  readonly isWide?: boolean;
}

/** More rows than this stand in a box of their own with a head that stays. */
const tallMin = 60;

export function dataTable<Row>(options: TableOptions<Row>): Html {
  const { columns, rows, rowsMax = 200 } = options;
  // Nobody reads on at row 200: a long table is a sample of the file, and a shorter one opens sooner.
  const shown = rows.length > rowsMax ? rows.slice(0, rowsMax / 2) : rows;
  const sortable = options.isSortable !== false && rows.length > 1;
  const table = html`<table class="data${options.isWide === true ? " filled" : " fit"}${sortable && " sortable"}">
<caption><span>${options.caption}</span></caption>
<thead><tr>${columns.map((column) => html`<th scope="col"${classOf(column)}>${column.head}</th>`)}</tr></thead>
<tbody>
${shown.map((row) => html`<tr>${columns.map((column, i) => cellOf(column, row, i === 0))}</tr>\n`)}</tbody></table>`;
  return html`${scrolling(options.name, table, { isTall: shown.length > tallMin })}
${rows.length > shown.length && html`<p class="small soft">The first ${shown.length} of ${rows.length} rows; all of them are in the CSV and JSON files beside this page.</p>`}`;
}

function classOf<Row>({ isNumber, isGlyph, isWhole }: Column<Row>): Html | false {
  const kind = isNumber === true ? "number" : isGlyph === true ? "glyph" : isWhole === true ? "nowrap" : "";
  return kind !== "" && html` class="${kind}"`;
}

function cellOf<Row>(column: Column<Row>, row: Row, isHead: boolean): Html {
  const key = column.key?.(row);
  const value = key === undefined ? null : html` data-value="${key === null ? "" : String(key)}"`;
  return isHead
    ? html`<th scope="row"${classOf(column)}${value}>${column.show(row)}</th>`
    : html`<td${classOf(column)}${value}>${column.show(row)}</td>`;
}
