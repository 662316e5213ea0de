// Makes the code that runs: every experiment file as one ES module with all its JavaScript inside, plus the program that loads
// definitions. Shared code lies in chunks beside them, so 20 experiments carry zod once.
import { readFileSync } from "node:fs";
import path from "node:path";
import { type BuildFailure, build, type Loader, type Message, type Metafile, type Plugin } from "esbuild";
import type { Diagnostic, Result } from "../../diagnostic/diagnostic.ts";
import { bundleFailed } from "../../diagnostic/messages.ts";
import { ownExtension, ownFolder, ownModuleOf } from "../discover/labwright-package.ts";
import { packageOfSpecifier } from "../discover/package-of.ts";
import { planModuleAt } from "../plan-file/plan-sources.ts";

export interface Bundles {
  /** Path of each experiment file's bundle relative to the build's folder. */
  readonly fileOf: ReadonlyMap<string, string>;
  /** What was read and what imports what; paths relative to the project's root. */
  readonly inputs: Metafile["inputs"];
}

/** A program that is bundled beside the author's files, so that it imports them without a loader of its own. */
export interface BundledProgram {
  /** Of its bundle: "bundles/<name>.mjs". */
  readonly name: string;
  /** Its module, relative to labwright's folder and without extension. */
  readonly module: string;
}

const loader: BundledProgram = { name: "load-definitions", module: "runtime/compile/load/load-definitions" };

/** Name of the loader program's bundle, relative to the build's folder. */
export const loaderBundle = `bundles/${loader.name}.mjs`;

/** Data that a module may import, and what it gets. */
const loaders: Readonly<Record<string, Loader>> = {
  ".wasm": "binary",
  ".txt": "text",
  ".csv": "text",
  ".md": "text",
  ".node": "copy",
};

/** Lets inlined CommonJS call `require` for Node's own modules. esbuild keeps the name `require` free in its output. */
const banner = `import { createRequire as labwrightCreateRequire } from "node:module"; const require = labwrightCreateRequire(import.meta.url);`;

/** Bundles `files` (relative to `root`) into `folder`/bundles, and the program that loads them: that of builds unless told. */
export async function bundle(options: {
  readonly root: string;
  readonly files: readonly string[];
  readonly folder: string;
  readonly program?: BundledProgram;
}): Promise<Result<Bundles, readonly Diagnostic[]>> {
  const { root, files, folder, program = loader } = options;
  const names = new Map(files.map((file) => [file, bundleName(file)]));
  try {
    const { metafile } = await build({
      entryPoints: [
        ...files.map((file) => ({ in: path.join(root, file), out: bundleName(file) })),
        { in: path.join(ownFolder, program.module + ownExtension), out: program.name },
      ],
      outdir: path.join(folder, "bundles"),
      outExtension: { ".js": ".mjs" },
      absWorkingDir: root,
      bundle: true,
      splitting: true,
      metafile: true,
      format: "esm",
      platform: "node",
      target: "node20",
      sourcemap: "linked",
      sourcesContent: false,
      legalComments: "none",
      charset: "utf8",
      logLevel: "silent",
      loader: loaders,
      banner: { js: banner },
      plugins: [modulesPlugin(root)],
    });
    const fileOf = new Map([...names].map(([file, name]) => [file, `bundles/${name}.mjs`]));
    return { ok: true, value: { fileOf, inputs: metafile.inputs } };
  } catch (failure) {
    const { errors } = failure as BuildFailure; // esbuild rejects with a BuildFailure; anything else is rethrown below.
    if (!Array.isArray(errors)) throw failure;
    return { ok: false, error: errors.map((message) => diagnosticOf(message)) };
  }
}

/** One folder holds all bundles, so that the way from a bundle to the project's root is the same for each. */
function bundleName(file: string): string {
  return file.replace(/[.]ts$/, "").replaceAll("/", "--");
}

function modulesPlugin(root: string): Plugin {
  return {
    name: "labwright-modules",
    setup(setup) {
      setup.onResolve({ filter: /^labwright(\/|$)/ }, ({ path: specifier }) => {
        const own = ownModuleOf(specifier);
        return own === null ? undefined : { path: own };
      });
      // Bare specifiers only: a native addon cannot be inlined.
      setup.onResolve({ filter: /^[^./]/ }, ({ path: specifier, resolveDir, kind }) => {
        if (kind === "entry-point" || path.isAbsolute(specifier) || specifier.startsWith("node:"))
          return undefined;
        return packageOfSpecifier(specifier, resolveDir)?.isNative === true
          ? { path: specifier, external: true }
          : undefined;
      });
      setup.onLoad({ filter: /[.](?:ya?ml|json)$/i }, ({ path: file }) => {
        const contents = planModuleAt(file);
        return contents === null ? undefined : { contents, loader: "ts" };
      });
      setup.onLoad({ filter: /[.][cm]?[jt]sx?$/ }, ({ path: file }) => {
        const text = readFileSync(file, "utf8");
        if (!text.includes("import.meta.") || file.includes(`${path.sep}node_modules${path.sep}`))
          return undefined;
        return {
          contents: withOwnAddress(text, path.relative(root, file)),
          loader: /[.][cm]?jsx?$/.test(file) ? "jsx" : file.endsWith("x") ? "tsx" : "ts",
        };
      });
    },
  };
}

/** A module that asks for its own address gets that of its source, found from the bundle's: .lab/builds/<id>/bundles/. */
function withOwnAddress(text: string, relative: string): string {
  const url = `new URL(${JSON.stringify(`../../../../${relative.split(path.sep).map(encodeURIComponent).join("/")}`)}, import.meta.url)`;
  return text
    .replace(/\bimport\.meta\.url\b/g, `${url}.href`)
    .replace(/\bimport\.meta\.filename\b/g, `decodeURIComponent(${url}.pathname)`)
    .replace(
      /\bimport\.meta\.dirname\b/g,
      `decodeURIComponent(new URL(".", ${url}).pathname.replace(/[/]$/, ""))`,
    );
}

function diagnosticOf(message: Message): Diagnostic {
  const { location } = message;
  const place =
    location === null
      ? null
      : {
          file: location.file,
          line: location.line,
          column: location.column + 1,
          length: Math.max(1, location.length),
        };
  return bundleFailed({ place, text: message.text.replace(/[.]$/, "") });
}
