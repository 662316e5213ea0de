// Every diagnostic as an author sees it: for each code a folder errors/<code>/ with an offending experiment and the exact text that
// `lab build` prints, 80 columns wide. Cases are built together, as a project is; one with a request.json is built by itself.
// UPDATE=1 rewrites the expected texts.
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { printDiagnostics } from "../diagnostic/print.ts";
import { diagnosticCodes } from "../diagnostic/testing/diagnostic-codes.ts";
import { type CompileRequest, compile } from "./compile.ts";

const checkout = fileURLToPath(new URL("../..", import.meta.url));
const cases = fileURLToPath(new URL("errors", import.meta.url));
/** Asked for by several cases. */
const schema = path.join(cases, "bad-orchestrator/orchestrator.proto");
const update = process.env.UPDATE === "1";
const codes = readdirSync(cases).sort();
const root = projectWith(codes);
test.after(() => rmSync(root, { recursive: true }));

/** A project with every case in a folder of its own, and this checkout as its labwright. */
function projectWith(names: readonly string[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), "lab-errors-"));
  for (const name of names) {
    cpSync(path.join(cases, name), path.join(folder, name), { recursive: true });
    const file = path.join(folder, name, `${name}.experiment.ts`);
    if (existsSync(file) && readFileSync(file, "utf8").includes(path.basename(schema)))
      cpSync(schema, path.join(folder, name, path.basename(schema)));
  }
  symlinkSync(path.join(checkout, "node_modules"), path.join(folder, "node_modules"));
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ type: "module" }));
  const { compilerOptions } = JSON.parse(readFileSync(path.join(checkout, "tsconfig.json"), "utf8"));
  const paths = Object.fromEntries(
    Object.entries<string[]>(compilerOptions.paths).map(([name, [target = ""]]) => [
      name,
      [path.join(checkout, target)],
    ]),
  );
  for (const name of [".", ...names.filter((name) => requestOf(name)?.root !== undefined)])
    writeFileSync(
      path.join(folder, name, "tsconfig.json"),
      JSON.stringify({ compilerOptions: { ...compilerOptions, paths } }),
    );
  return folder;
}

/** What is asked for a case that is built by itself, perhaps as a project of its own; null for the others. */
function requestOf(code: string): Partial<CompileRequest> | null {
  const file = path.join(cases, code, "request.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
}

async function diagnosticsOf(request: Partial<CompileRequest>): Promise<readonly Diagnostic[]> {
  const built = await compile({ ...request, root: path.join(root, request.root ?? ".") });
  return built.ok ? built.value.warnings : built.error;
}

function printed(diagnostics: readonly Diagnostic[]): string {
  const source = (file: string): string | null => {
    const absolute = path.resolve(root, file);
    return existsSync(absolute) ? readFileSync(absolute, "utf8") : null;
  };
  // The project's folder has another name every time; it is replaced first, so that lines break alike.
  const settled = diagnostics.map((each) => ({
    ...each,
    message: each.message.replaceAll(root, "/project"),
  }));
  return printDiagnostics(settled, { source, colour: false, width: 80 });
}

function compare(code: string, diagnostics: readonly Diagnostic[]): void {
  const file = path.join(cases, code, "expected.txt");
  const text = printed(diagnostics);
  if (update) writeFileSync(file, text);
  assert.ok(
    diagnostics.some((diagnostic) => diagnostic.code === code),
    `the case gives no ${code}:\n${text}`,
  );
  assert.is(text, readFileSync(file, "utf8"));
}

const together = codes.filter((code) => requestOf(code) === null);
let ofTogether: readonly Diagnostic[] = [];
test("all cases are told in one build", async () => {
  ofTogether = await diagnosticsOf({ paths: together });
  const files = new Set(ofTogether.map(({ place }) => place?.file.split("/")[0]));
  assert.equal([...files].sort(), together);
});

for (const code of codes) {
  test(`${code}: the text is exactly the expected one`, async () => {
    const request = requestOf(code);
    const own = ofTogether.filter(({ place }) => place?.file.startsWith(`${code}/`) === true);
    compare(code, request === null ? own : await diagnosticsOf(request));
  });
}

test("every code has a case", () => {
  const missing = diagnosticCodes().filter((code) => !codes.includes(code));
  assert.equal(missing, []);
});

test.run();
