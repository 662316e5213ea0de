// From a position in a bundle, as the engine reports it, to the author's line.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { CallSite } from "../../../lib/experiment/call-site.ts";
import type { SourcePlace } from "../../diagnostic/diagnostic.ts";
import { originalPosition, type SourceMapJson } from "./source-map.ts";

/** Maps call sites inside the bundles of one build to places in the project; null for what is not the project's. */
export function placesOf(root: string): (site: CallSite | null) => SourcePlace | null {
  const maps = new Map<string, SourceMapJson | null>();
  const mapOf = (bundle: string): SourceMapJson | null => {
    const known = maps.get(bundle);
    if (known !== undefined) return known;
    const file = `${bundle}.map`;
    // Written by esbuild beside the bundle, in the standard format.
    const map = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as SourceMapJson) : null;
    maps.set(bundle, map);
    return map;
  };
  return (site) => {
    if (site === null) return null;
    const map = mapOf(site.file);
    const original =
      map === null ? null : originalPosition(map, { line: site.line - 1, column: site.column - 1 });
    if (original === null) return null;
    const absolute = path.resolve(path.dirname(site.file), original.source);
    const file = path.relative(root, absolute).split(path.sep).join("/");
    const isForeign = file.startsWith("../") || file.includes("node_modules/");
    return isForeign ? null : { file, line: original.line + 1, column: original.column + 1, length: 1 };
  };
}
