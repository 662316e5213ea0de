// A chart of the author's own as data: a Vega-Lite specification, narrowed to what a page that works offline and runs nothing can draw.
// What is left out here is red in an editor; `chartSpecProblem` says the same of a specification that came another way.

/** The kinds of marks. Pictures and maps are not among them: they would be loaded. */
export type ChartMark = (typeof marks)[number];

const marks = [
  "arc",
  "area",
  "bar",
  "boxplot",
  "circle",
  "errorband",
  "errorbar",
  "line",
  "point",
  "rect",
  "rule",
  "square",
  "text",
  "tick",
  "trail",
] as const;

/** A part of a specification: JSON data as Vega-Lite documents it. */
interface Part {
  readonly [key: string]: unknown;
}

/** One view, or a composition of views. Sizes are in pixels, a figure of two journal columns is 640 wide. */
export interface VegaLiteSpec {
  readonly $schema?: string;
  /** Stands above the figure. */
  readonly title?: string;
  /** Stands below the figure: what each mark is, and of how many trials. */
  readonly description?: string;
  /** The rows to draw; without it, the trials: a column for each parameter and metric, `replicate` and `outcome`. */
  readonly data?: { readonly values: readonly object[] };
  readonly mark?: ChartMark | (Part & { readonly type: ChartMark });
  readonly encoding?: Part;
  readonly transform?: readonly Part[];
  readonly width?: number | Part;
  readonly height?: number | Part;
  readonly layer?: readonly VegaLiteSpec[];
  readonly hconcat?: readonly VegaLiteSpec[];
  readonly vconcat?: readonly VegaLiteSpec[];
  readonly concat?: readonly VegaLiteSpec[];
  readonly columns?: number;
  readonly facet?: Part;
  readonly repeat?: readonly string[] | Part;
  readonly spec?: VegaLiteSpec;
  readonly resolve?: Part;
  readonly spacing?: number | Part;
  readonly align?: string | Part;
  readonly center?: boolean | Part;
  readonly bounds?: "full" | "flush";
  readonly name?: string;
  readonly view?: Part;
  /** Over the theme of the report. */
  readonly config?: Part;
}

/** Every key of a specification, for those that an editor did not see. */
const keys: { readonly [K in keyof Required<VegaLiteSpec>]: true } = {
  $schema: true,
  title: true,
  description: true,
  data: true,
  mark: true,
  encoding: true,
  transform: true,
  width: true,
  height: true,
  layer: true,
  hconcat: true,
  vconcat: true,
  concat: true,
  columns: true,
  facet: true,
  repeat: true,
  spec: true,
  resolve: true,
  spacing: true,
  align: true,
  center: true,
  bounds: true,
  name: true,
  view: true,
  config: true,
};

/** Larger drawings are for no page. */
const sizeMax = 4000;
/** More marks than this are a smear, and a page of many megabytes. */
export const chartRowsMax = 50_000;

/** Keys under which a specification would load something, run an expression or depend on chance; each with what to do instead. */
const refused: Readonly<Record<string, string>> = {
  url: "a chart loads nothing; give its rows as data.values",
  href: "a chart links to nothing",
  expr: "a chart holds no expressions; work the value out in the function",
  signal: "a chart holds no expressions; work the value out in the function",
  calculate: "a chart holds no expressions; work the value out in the function",
  labelExpr: "a chart holds no expressions; use `format`, or labels as data",
  params: "a chart in a report does not react; leave it out",
  datasets: "give rows as data.values",
  usermeta: "a chart holds nothing for other programs",
  lookup: "join the rows in the function",
  sample: "a chart does not depend on chance; choose the rows in the function",
  projection: "a chart draws no maps",
};

/** Where a text is an expression and an object is not. */
const tests = new Set(["filter", "test", "and", "or", "not"]);

/**
 * What keeps a specification from being drawn, as the end of a sentence; null when nothing is known to. Vega-Lite itself may still refuse it.
 *
 * @example chartSpecProblem({ mark: "bar", data: { url: "x.csv" } })  // "its data.url: a chart loads nothing; give its rows as data.values"
 */
export function chartSpecProblem(spec: unknown): string | null {
  if (typeof spec !== "object" || spec === null || Array.isArray(spec))
    return `it returned ${JSON.stringify(spec) ?? String(spec)}; expected a Vega-Lite specification, such as { mark: "point", encoding: { ... } }`;
  const draws = ["mark", "layer", "hconcat", "vconcat", "concat", "facet", "repeat", "spec"];
  if (!draws.some((key) => Object.hasOwn(spec, key)))
    return `it returned a specification that draws nothing; expected one of ${draws.join(", ")}`;
  const strange = Object.keys(spec).find((key) => !Object.hasOwn(keys, key) && !Object.hasOwn(refused, key));
  return strange === undefined
    ? problemIn(spec, "")
    : `its ${strange}: no part of a specification; expected any of ${Object.keys(keys).join(", ")}`;
}

function problemIn(part: unknown, path: string): string | null {
  if (typeof part === "string")
    return /url\s*\(|javascript:/i.test(part) ? `its ${path}: a chart loads nothing` : null;
  if (typeof part !== "object" || part === null) return null;
  for (const [key, value] of Object.entries(part)) {
    const at = Array.isArray(part) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    const problem = problemAt(key, value, at);
    if (problem !== null) return problem;
    // Rows are data: their texts are drawn as texts, whatever they say.
    if (key === "values" && path.endsWith("data")) continue;
    const inside = problemIn(value, at);
    if (inside !== null) return inside;
  }
  return null;
}

function problemAt(key: string, value: unknown, at: string): string | null {
  const why = Object.hasOwn(refused, key) ? refused[key] : undefined;
  if (why !== undefined) return `its ${at}: ${why}`;
  const texts = Array.isArray(value) ? value : [value];
  if (tests.has(key) && texts.some((one) => typeof one === "string"))
    return `its ${at}: a chart holds no expressions; use a predicate such as { field: "x", gt: 1 }`;
  if (key === "mark") return markProblem(value, at);
  if ((key === "width" || key === "height") && typeof value === "number" && !(value > 0 && value <= sizeMax))
    return `its ${at} is ${value}; expected pixels up to ${sizeMax}`;
  if (key === "values" && at.endsWith("data.values") && Array.isArray(value) && value.length > chartRowsMax)
    return `its ${at} has ${value.length} rows; expected at most ${chartRowsMax}, so sum them up in the function`;
  return null;
}

function markProblem(value: unknown, at: string): string | null {
  const kind = typeof value === "object" && value !== null ? (value as Part).type : value;
  if (typeof kind === "string" && (marks as readonly string[]).includes(kind)) return null;
  return `its ${at} is ${JSON.stringify(kind) ?? "missing"}; expected one of ${marks.join(", ")}`;
}
