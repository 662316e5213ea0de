// Reading source maps (ECMA-426, "mappings" as base 64 variable-length quantities): which source positions a generated text
// comes from, and where one generated position comes from.

/** One segment: a generated position and the source position behind it; all counted from 0. */
export interface Mapping {
  readonly line: number;
  readonly column: number;
  readonly source: number;
  readonly sourceLine: number;
  readonly sourceColumn: number;
}

export interface SourceMapJson {
  readonly sources: readonly string[];
  readonly mappings: string;
}

/** Every segment that has a source, in generated order. */
export function* mappingsOf(map: SourceMapJson): Generator<Mapping> {
  let line = 0;
  let column = 0;
  let source = 0;
  let sourceLine = 0;
  let sourceColumn = 0;
  const { mappings } = map;
  let at = 0;
  const fields = [0, 0, 0, 0, 0];
  while (at < mappings.length) {
    const code = mappings.charCodeAt(at);
    if (code === semicolon) {
      line += 1;
      column = 0;
      at += 1;
    } else if (code === comma) {
      at += 1;
    } else {
      let count = 0;
      while (
        at < mappings.length &&
        mappings.charCodeAt(at) !== comma &&
        mappings.charCodeAt(at) !== semicolon
      ) {
        let value = 0;
        let shift = 0;
        let digit: number;
        do {
          digit = digits[mappings.charCodeAt(at)] ?? 0;
          at += 1;
          value += (digit & 31) * 2 ** shift;
          shift += 5;
        } while (digit & 32);
        fields[count] = value % 2 === 1 ? -Math.floor(value / 2) : value / 2;
        count += 1;
      }
      column += fields[0] ?? 0;
      if (count < 4) continue;
      source += fields[1] ?? 0;
      sourceLine += fields[2] ?? 0;
      sourceColumn += fields[3] ?? 0;
      yield { line, column, source, sourceLine, sourceColumn };
    }
  }
}

/** The source position behind a generated one (counted from 0): that of the last segment at or before it on its line. */
export function originalPosition(
  map: SourceMapJson,
  generated: { readonly line: number; readonly column: number },
): { readonly source: string; readonly line: number; readonly column: number } | null {
  let best: Mapping | null = null;
  for (const mapping of mappingsOf(map)) {
    if (mapping.line > generated.line) break;
    if (mapping.line === generated.line && mapping.column <= generated.column) best = mapping;
  }
  const source = best === null ? undefined : map.sources[best.source];
  return best === null || source === undefined
    ? null
    : { source, line: best.sourceLine, column: best.sourceColumn };
}

const comma = 44;
const semicolon = 59;
const digits: Readonly<Record<number, number>> = Object.fromEntries(
  [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].map((letter, value) => [
    letter.charCodeAt(0),
    value,
  ]),
);
