// Names as MLflow takes them, reversibly. Its rules (mlflow/utils/validation.py): letters, digits, "_", "-", ".", spaces and slashes; a name
// must be a path that is its own normal form; 250 characters at most.
import { createHash } from "node:crypto";

const lengthMax = 250;
const kept = 200;

/** Parts of a name, joined by slashes: ["taste.mean", "minutes 1"] is "taste.mean/minutes 1". A name that is too long ends in a hash. */
export function mlflowName(...parts: readonly string[]): string {
  const name = parts.map(partOf).join("/");
  if (name.length <= lengthMax) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 16);
  return `${name.slice(0, kept).replace(/[/. ]+$/, "")}-${hash}`;
}

/** "_u3d_" stands for "=", "_u_" for nothing. An underscore that would begin such a mark is itself one. */
function partOf(text: string): string {
  if (text === "") return "_u_";
  const marked = text.replaceAll(/_(?=u[0-9a-f]*(?![\p{L}\p{N}-]))|[^\p{L}\p{N}_.\- ]/gu, markOf);
  // "." and ".." are folders, not names; spaces at the ends are lost on the way.
  return marked.replaceAll(/^\.(?=\.?$)|^ | $/g, markOf);
}

function markOf(character: string): string {
  return `_u${character.codePointAt(0)!.toString(16)}_`;
}
