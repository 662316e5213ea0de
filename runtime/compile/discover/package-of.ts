// Which npm package a file belongs to, its version, and whether it needs a native addon (then it cannot be inlined).
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";

export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
  readonly isNative: boolean;
}

const known = new Map<string, InstalledPackage | null>();

/** The package whose folder under node_modules holds `file`; null for files outside node_modules. */
export function packageOfFile(file: string): InstalledPackage | null {
  const marker = `${path.sep}node_modules${path.sep}`;
  const at = file.lastIndexOf(marker);
  if (at < 0) return null;
  const [scope = "", rest = ""] = file.slice(at + marker.length).split(path.sep);
  return readPackage(
    path.join(file.slice(0, at), "node_modules", scope.startsWith("@") ? path.join(scope, rest) : scope),
  );
}

/** The package that a bare specifier such as "zod" or "@scope/name/sub" means in `folder`; null when it is not installed. */
export function packageOfSpecifier(specifier: string, folder: string): InstalledPackage | null {
  const [first = "", second = ""] = specifier.split("/");
  const name = first.startsWith("@") ? `${first}/${second}` : first;
  for (let at = folder; ; at = path.dirname(at)) {
    const found = readPackage(path.join(at, "node_modules", name));
    if (found !== null) return found;
    if (path.dirname(at) === at) return null;
  }
}

function readPackage(folder: string): InstalledPackage | null {
  const cached = known.get(folder);
  if (cached !== undefined) return cached;
  const found = readManifest(folder);
  known.set(folder, found);
  return found;
}

/** Forgets what was read, so that the next build sees packages installed since. */
export function forgetPackages(): void {
  known.clear();
}

function readManifest(folder: string): InstalledPackage | null {
  const file = path.join(folder, "package.json");
  if (!existsSync(file)) return null;
  // npm's own format; the fields used are checked or defaulted.
  const manifest = JSON.parse(readFileSync(file, "utf8")) as {
    name?: string;
    version?: string;
    gypfile?: boolean;
    binary?: unknown;
    napi?: unknown;
    dependencies?: Record<string, string>;
    optionalDependencies?: Record<string, string>;
  };
  const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
  const isNative =
    manifest.gypfile === true ||
    manifest.binary !== undefined ||
    manifest.napi !== undefined ||
    dependencies.some(
      (name) => nativeHelpers.has(name) || /-(?:linux|darwin|win32)-(?:x64|arm64)/.test(name),
    ) ||
    readdirSync(folder).some(
      (name) => name === "binding.gyp" || name === "prebuilds" || name.endsWith(".node"),
    );
  const { name = path.basename(folder), version = "0.0.0" } = manifest;
  // The real folder, as bundlers name it: package managers link one into another.
  return { name, version, folder: realpathSync(folder), isNative };
}

const nativeHelpers = new Set([
  "bindings",
  "node-gyp-build",
  "prebuild-install",
  "node-addon-api",
  "@mapbox/node-pre-gyp",
  "@neon-rs/load",
]);
