// Text that remembers where each of its parts comes from, so that what is said of the text can be said of its origin.
import type { SourcePlace } from "../../diagnostic/diagnostic.ts";

interface Mark {
  readonly start: number;
  readonly end: number;
  readonly origin: SourcePlace;
}

/** A text of parts; a part with an origin may hold further ones. */
export type Part = string | { readonly of: SourcePlace; readonly parts: readonly Part[] };

export interface MarkedText {
  readonly text: string;
  /** The origin of a place in the text (line and column from 1): of the smallest part around it, else of the nearest before it. */
  originOf(place: Pick<SourcePlace, "line" | "column">): SourcePlace | null;
}

export function markedText(parts: readonly Part[]): MarkedText {
  const marks: Mark[] = [];
  let text = "";
  const add = (part: Part): void => {
    if (typeof part === "string") {
      text += part;
      return;
    }
    const start = text.length;
    for (const inner of part.parts) add(inner);
    marks.push({ start, end: text.length, origin: part.of });
  };
  for (const part of parts) add(part);
  const lines = text.split("\n");
  return {
    text,
    originOf({ line, column }) {
      const at = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
      const around = marks.filter(({ start, end }) => start <= at && at < end);
      const smallest = around.sort((a, b) => a.end - a.start - (b.end - b.start))[0];
      const before = marks.filter(({ end }) => end <= at).sort((a, b) => b.end - a.end)[0];
      return (smallest ?? before ?? marks[0])?.origin ?? null;
    },
  };
}
