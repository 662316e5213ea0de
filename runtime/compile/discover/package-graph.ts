// Which packages stand behind a package: those that its bundled files import, directly or not.
import path from "node:path";
import type { Metafile } from "esbuild";
import { type InstalledPackage, packageOfFile } from "./package-of.ts";

export interface PackageGraph {
  /** The given packages and all that their bundled code reaches. */
  behind(packages: readonly InstalledPackage[]): readonly InstalledPackage[];
  /** Every package of the bundles. */
  readonly all: readonly InstalledPackage[];
}

/** Reads the graph off what the bundler read; `inputs` has paths relative to `root`. */
export function packageGraph(root: string, inputs: Metafile["inputs"]): PackageGraph {
  const byFolder = new Map<string, InstalledPackage>();
  const edges = new Map<string, Set<string>>();
  for (const [file, { imports }] of Object.entries(inputs)) {
    const from = packageOfFile(path.resolve(root, file));
    if (from === null) continue;
    byFolder.set(from.folder, from);
    const targets = edges.get(from.folder) ?? new Set();
    edges.set(from.folder, targets);
    for (const { path: imported } of imports) {
      const to = packageOfFile(path.resolve(root, imported));
      if (to !== null) targets.add(to.folder);
    }
  }
  return {
    all: [...byFolder.values()],
    behind(packages) {
      const reached = new Map(packages.map((found) => [found.folder, found]));
      const pending = [...reached.keys()];
      for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
        for (const next of edges.get(folder) ?? []) {
          const found = byFolder.get(next);
          if (found === undefined || reached.has(next)) continue;
          reached.set(next, found);
          pending.push(next);
        }
      }
      return [...reached.values()];
    },
  };
}
