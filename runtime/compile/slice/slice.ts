// The code that decides what a stage returns, and nothing else: its function and the declarations that it reaches, cut out of
// the modules by a bundler's tree shaking. Packages and data files stay outside and are named.
import { createHash } from "node:crypto";
import path from "node:path";
import { build, type Metafile, type OutputFile } from "esbuild";
import type { LocatedExperiment } from "../check/locate.ts";
import { ownNameOf } from "../discover/labwright-package.ts";
import type { InstalledPackage } from "../discover/package-of.ts";
import { mappingsOf, type SourceMapJson } from "../load/source-map.ts";
import { sourceFileOf } from "../typescript/project.ts";
import { canonicalCode } from "./canonical-code.ts";
import { filePrefix, sliceImports } from "./slice-imports.ts";
import { type Declaration, type SliceSource, sliceSourceOf, stageExportOf } from "./slice-source.ts";

/** One stage to cut out; `stage` null for a whole export, where the definition is not written as a literal. */
export interface SliceRequest {
  readonly file: string;
  readonly exportName: string;
  readonly stage: string | null;
}

export interface Slice {
  /** Readable JavaScript, kept with the build. */
  readonly code: string;
  /** SHA-256 of the canonical text. */
  readonly hash: string;
  /** Reached top-level declarations: `path#name` and the hash of their canonical text. */
  readonly symbols: readonly { readonly name: string; readonly hash: string }[];
  readonly packages: readonly InstalledPackage[];
  /** Reached JSON, WebAssembly and other data, absolute. */
  readonly files: readonly string[];
}

interface SlicesRequest {
  readonly root: string;
  readonly located: readonly LocatedExperiment[];
  readonly requests: readonly SliceRequest[];
}

/** Stages cut out in one pass of the bundler at most: what its memory grows with. */
const stagesPerPass = 200;

/** Cuts out every requested stage, in the order of the requests. */
export async function slicesOf(options: SlicesRequest): Promise<readonly Slice[]> {
  const { requests } = options;
  const slices: Slice[] = [];
  for (let first = 0; first < requests.length; first += stagesPerPass)
    slices.push(...(await onePass({ ...options, requests: requests.slice(first, first + stagesPerPass) })));
  return slices;
}

async function onePass({ root, located, requests }: SlicesRequest): Promise<readonly Slice[]> {
  const sources = new Map<string, SliceSource>();
  const imports = sliceImports(root);
  const locatedIn = new Map<string, LocatedExperiment[]>();
  for (const each of located) {
    const file = path.join(root, each.file);
    locatedIn.set(file, [...(locatedIn.get(file) ?? []), each]);
  }
  const entryOf = (request: SliceRequest): string => {
    const name =
      request.stage === null ? request.exportName : stageExportOf(request, { name: request.stage });
    return `export { ${name} as stage } from ${JSON.stringify(path.join(root, request.file))};`;
  };
  const { outputFiles, metafile } = await build({
    entryPoints: requests.map((_, index) => ({ in: `labwright-slice:${index}`, out: String(index) })),
    bundle: true,
    write: false,
    metafile: true,
    outdir: path.join(root, ".lab", "slices"),
    absWorkingDir: root,
    format: "esm",
    platform: "node",
    target: "esnext",
    sourcemap: "external",
    sourcesContent: false,
    legalComments: "none",
    charset: "utf8",
    logLevel: "silent",
    plugins: [
      {
        name: "labwright-slice",
        setup(setup) {
          setup.onResolve({ filter: /^labwright-slice:/ }, ({ path: entry }) => ({
            path: entry,
            namespace: "labwright-slice",
          }));
          setup.onLoad({ filter: /.*/, namespace: "labwright-slice" }, ({ path: entry }) => ({
            contents: entryOf(requests[Number(entry.split(":")[1])] as SliceRequest), // The entries are the requests' own indexes.
            resolveDir: root,
          }));
          setup.onResolve({ filter: /.*/, namespace: "file" }, imports.resolve);
          setup.onLoad(
            { filter: /[.](?:[cm]?[jt]sx?|ya?ml|json)$/i, namespace: "file" },
            ({ path: file }) => {
              const source = sliceSourceOf(sourceFileOf(root, file), locatedIn.get(file) ?? []);
              sources.set(file, source);
              return { contents: source.text, loader: /x$/.test(file) ? "tsx" : "ts" };
            },
          );
        },
      },
    ],
  });
  const outputs = new Map(outputFiles.map((file) => [path.basename(file.path), file]));
  const externals = externalsOf(metafile);
  return Promise.all(requests.map((_, index) => readSlice(index)));

  async function readSlice(index: number): Promise<Slice> {
    const code = textOf(outputs.get(`${index}.js`));
    // esbuild's own source map, in the standard format.
    const map = JSON.parse(textOf(outputs.get(`${index}.js.map`))) as SourceMapJson;
    const outside = externals.get(`${index}.js`) ?? [];
    const reached = reachedDeclarations(map, { folder: path.join(root, ".lab", "slices"), sources });
    const symbols = reached.map(async ({ file, declaration }) => ({
      name: `${symbolPath(root, file)}#${declaration.name}`,
      hash: await declarationHash(declaration.text),
    }));
    return {
      code,
      hash: sha256(await canonicalCode(code, "module")),
      symbols: await Promise.all(symbols),
      packages: outside.flatMap((specifier) => [...(imports.packages.get(specifier)?.values() ?? [])]),
      files: outside
        .filter((item) => item.startsWith(filePrefix))
        .map((item) => path.join(root, item.slice(filePrefix.length))),
    };
  }
}

function textOf(file: OutputFile | undefined): string {
  if (file === undefined) throw new Error("the bundler left out a slice");
  return file.text;
}

/** What each output imports from outside, by the output's file name. */
function externalsOf({ outputs }: Metafile): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Object.entries(outputs).map(([name, { imports }]) => [
      path.basename(name),
      [...new Set(imports.filter(({ external }) => external === true).map((item) => item.path))],
    ]),
  );
}

/** The declarations that some generated text comes from. */
function reachedDeclarations(
  map: SourceMapJson,
  options: { readonly folder: string; readonly sources: ReadonlyMap<string, SliceSource> },
): readonly { readonly file: string; readonly declaration: Declaration }[] {
  const files = map.sources.map((source) => path.resolve(options.folder, source));
  const starts = files.map((file) => lineStarts(options.sources.get(file)?.text ?? ""));
  const reached = new Map<Declaration, string>();
  for (const { source, sourceLine, sourceColumn } of mappingsOf(map)) {
    const file = files[source] ?? "";
    const declarations = options.sources.get(file)?.declarations ?? [];
    const found = declarationAt(declarations, (starts[source]?.[sourceLine] ?? 0) + sourceColumn);
    if (found !== null) reached.set(found, file);
  }
  return [...reached].map(([declaration, file]) => ({ file, declaration }));
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function declarationAt(declarations: readonly Declaration[], offset: number): Declaration | null {
  let low = 0;
  let high = declarations.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const declaration = declarations[middle] as Declaration; // low <= middle <= high < length
    if (offset < declaration.start) high = middle - 1;
    else if (offset >= declaration.end) low = middle + 1;
    else return declaration;
  }
  return null;
}

function symbolPath(root: string, file: string): string {
  return ownNameOf(file) ?? path.relative(root, file).split(path.sep).join("/");
}

async function declarationHash(text: string): Promise<string> {
  // A piece cut from its module may not parse alone (a bare `export default` of a class, say); its text is then its identity.
  return sha256(await canonicalCode(text, "declaration").catch(() => text));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
