// Every file that a build depends on, so that the next one can tell whether anything changed.
import { existsSync } from "node:fs";
import path from "node:path";
import type { Metafile } from "esbuild";
import { tsconfigChain } from "../typescript/project-tsconfig.ts";
import { ownNameOf } from "./labwright-package.ts";
import { packageGraph } from "./package-graph.ts";

const lockfiles = ["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml"];
/** Files at the root that count when they are there, and whose appearance counts when they are not. */
const settings = ["tsconfig.json", "package.json", ...lockfiles];

/** TypeScript and JavaScript files of the project itself among what was bundled, relative to `root`. */
export function projectSources(root: string, inputs: Metafile["inputs"]): readonly string[] {
  return Object.keys(inputs).filter((file) => {
    const isForeign = isPackaged(file) || ownNameOf(path.resolve(root, file)) !== null;
    return (
      /[.][cm]?[jt]sx?$/.test(file) && !isForeign && !isOwnRuntime(root, file) && !file.startsWith("../")
    );
  });
}

/** All files that decide a build: what was bundled or type-checked, data files, settings, and the packages' own versions. */
export function sourceList(of: {
  readonly root: string;
  readonly inputs: Metafile["inputs"];
  /** Absolute paths that the type check read. */
  readonly checked: readonly string[];
  /** Data files that stages reach. */
  readonly data: readonly string[];
}): { readonly files: readonly string[]; readonly absent: readonly string[] } {
  const { root, inputs, checked, data } = of;
  const bundled = Object.keys(inputs).filter(
    (file) => !isPackaged(file) && existsSync(path.resolve(root, file)),
  );
  const packages = packageGraph(root, inputs).all.map(({ folder }) => path.join(folder, "package.json"));
  const present = settings.filter((file) => existsSync(path.join(root, file)));
  return {
    files: [...bundled, ...checked, ...data, ...packages, ...present, ...tsconfigChain(root)],
    absent: settings.filter((file) => !present.includes(file)),
  };
}

function isPackaged(file: string): boolean {
  return /(?:^|[\\/])node_modules[\\/]/.test(file);
}

/** The loading program and what it is made of, when a checkout of labwright builds its own experiments. */
function isOwnRuntime(root: string, file: string): boolean {
  return path.resolve(root, file).startsWith(path.resolve(ownRuntime) + path.sep);
}

const ownRuntime = new URL("../..", import.meta.url).pathname;
