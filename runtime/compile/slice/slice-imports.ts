// What stays outside a slice: packages (identified by version), data files (by content), Node's modules, and labwright's own
// builders (by its semantics version). Imports that turn out unused leave no trace.
import { isBuiltin } from "node:module";
import path from "node:path";
import type { OnResolveArgs, OnResolveResult } from "esbuild";
import { ownFolder, ownModuleOf } from "../discover/labwright-package.ts";
import { type InstalledPackage, packageOfSpecifier } from "../discover/package-of.ts";
import { planModuleAt } from "../plan-file/plan-sources.ts";

/** Data files are imported in a slice as "labwright-file:" and their path from the project's root. */
export const filePrefix = "labwright-file:";

export interface SliceImports {
  /** Packages by the specifier under which modules import them; several where folders hold different copies. */
  readonly packages: ReadonlyMap<string, ReadonlyMap<string, InstalledPackage>>;
  resolve(args: OnResolveArgs): OnResolveResult | undefined;
}

export function sliceImports(root: string): SliceImports {
  const packages = new Map<string, Map<string, InstalledPackage>>();
  const outside = (name: string): OnResolveResult => ({ path: name, external: true, sideEffects: false });
  return {
    packages,
    resolve({ path: specifier, resolveDir }) {
      if (specifier === "labwright" || isOwnDoor(path.resolve(resolveDir, specifier)))
        return outside("labwright");
      const own = ownModuleOf(specifier);
      if (own !== null) return { path: own };
      if (isBuiltin(specifier)) return outside(specifier);
      if (specifier.startsWith(".") || path.isAbsolute(specifier)) {
        const file = path.resolve(resolveDir, specifier);
        if (/[.]([cm]?[jt]sx?)$/.test(file) || path.extname(file) === "" || planModuleAt(file) !== null)
          return undefined;
        return outside(filePrefix + path.relative(root, file).split(path.sep).join("/"));
      }
      const found = packageOfSpecifier(specifier, resolveDir);
      // A linked folder (a workspace) is code that the author edits; only what npm installed goes by its version.
      if (found === null || !found.folder.includes(`${path.sep}node_modules${path.sep}`)) return undefined;
      const copies = packages.get(specifier) ?? new Map<string, InstalledPackage>();
      packages.set(specifier, copies.set(found.folder, found));
      return outside(specifier);
    },
  };
}

/** lib/index reached by a path from inside labwright. */
function isOwnDoor(file: string): boolean {
  return (
    path.dirname(file) === path.join(ownFolder, "lib") && path.basename(file, path.extname(file)) === "index"
  );
}
