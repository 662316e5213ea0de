// `require` for a few large CommonJS modules whose compiled form V8 keeps between runs: half of the time that ts-morph takes to load
// is compiling. Node 22 has this built in (module.enableCompileCache); this is the same for Node 20.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import module, { createRequire } from "node:module";
import path from "node:path";
import { Script } from "node:vm";

export interface CompiledRequire {
  (specifier: string): unknown;
  /** Keeps what has been compiled for the next process. A folder that cannot be written is no mistake: loading stays slow. */
  keep(): void;
}

/** Loads modules; those whose path ends with one of `large` go through the cache in `folder`. */
export function compiledRequire(options: {
  readonly from: string;
  readonly folder: string;
  readonly large: readonly string[];
}): CompiledRequire {
  const builtIn = (module as { readonly enableCompileCache?: (folder: string) => unknown })
    .enableCompileCache;
  if (builtIn !== undefined) {
    builtIn(options.folder);
    const plain = createRequire(options.from);
    return Object.assign((specifier: string): unknown => plain(specifier), { keep: () => {} });
  }
  const scripts = new Map<string, Script>();
  const loaded = new Map<string, { exports: unknown }>();
  const load = (file: string): unknown => {
    const known = loaded.get(file);
    if (known !== undefined) return known.exports;
    const holder: { exports: unknown } = { exports: {} };
    loaded.set(file, holder);
    const cached = readIfThere(cacheFileOf(options.folder, file));
    const script = new Script(module.wrap(readFileSync(file, "utf8")), {
      filename: file,
      ...(cached === null ? {} : { cachedData: cached }),
    });
    if (cached === null || script.cachedDataRejected === true) scripts.set(file, script);
    // module.wrap makes a function of these five parameters.
    const run = script.runInThisContext() as (...parameters: unknown[]) => void;
    run.call(holder.exports, holder.exports, requireFrom(file), holder, file, path.dirname(file));
    return holder.exports;
  };
  const requireFrom = (from: string) => {
    const plain = createRequire(from);
    return (specifier: string): unknown => {
      const file = plain.resolve(specifier);
      return options.large.some((end) => file.endsWith(path.normalize(end))) ? load(file) : plain(specifier);
    };
  };
  const keep = (): void => {
    for (const [file, script] of scripts)
      writeIfPossible(cacheFileOf(options.folder, file), script.createCachedData());
    scripts.clear();
  };
  return Object.assign(requireFrom(options.from), { keep });
}

/** V8 refuses data of another version or source; the name only keeps versions from taking each other's place. */
function cacheFileOf(folder: string, file: string): string {
  return path.join(folder, `${path.basename(file)}-node${process.versions.node}-${process.arch}.bin`);
}

function readIfThere(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}

function writeIfPossible(file: string, data: Buffer): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    const beside = `${file}.${process.pid}.tmp`;
    writeFileSync(beside, data);
    renameSync(beside, file);
  } catch {
    // A read-only installation.
  }
}
