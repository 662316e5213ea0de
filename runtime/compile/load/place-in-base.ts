// Where a value of a base configuration stands in its file: its key, or the item of a list.
import type { SourcePlace } from "../../diagnostic/diagnostic.ts";
import type { PlanNode } from "../plan-file/plan-document.ts";

/** As deep as the path (`tank.fish`, `steps.0.days`) is written; null where not even its beginning is. `file` is relative to the project. */
export async function placeInBase(file: string, text: string, path: string): Promise<SourcePlace | null> {
  const { parsePlanText } = await import("../plan-file/plan-document.ts");
  let inner: Inner | null = {
    node: parsePlanText(file, text, true).root,
    rest: path.split("."),
    place: null,
  };
  let place: SourcePlace | null = null;
  while (inner !== null) {
    place = inner.place ?? place;
    inner = innerOf(inner);
  }
  return place;
}

interface Inner {
  readonly node: PlanNode | null;
  readonly rest: readonly string[];
  readonly place: SourcePlace | null;
}

/** What the path leads to next; a key may hold dots itself. */
function innerOf({ node, rest }: Inner): Inner | null {
  for (let count = rest.length; node !== null && count > 0; count -= 1) {
    const name = rest.slice(0, count).join(".");
    const entry = node.entries?.find(({ key }) => key === name);
    const item = node.items?.[Number(name)];
    if (entry !== undefined) return { node: entry.node, place: entry.place, rest: rest.slice(count) };
    if (item !== undefined) return { node: item, place: item.place, rest: rest.slice(count) };
  }
  return null;
}
