// A project in a temporary folder that resolves labwright and zod as an installed one does. For tests and benchmarks.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const checkout = process.env.BENCH_ROOT ?? fileURLToPath(new URL("../../..", import.meta.url));

export interface TemporaryProject {
  readonly root: string;
  write(file: string, content: string | Uint8Array): void;
  read(file: string): string;
  /** Replaces the only occurrence of `text` in a file. */
  edit(file: string, text: string, replacement: string): void;
  remove(): void;
}

/**
 * Makes a project of the given files by path. Its editor and tsc see labwright's sources, or the declarations in dist/ as in an
 * installed package.
 */
export function temporaryProject(
  files: Readonly<Record<string, string | Uint8Array>> = {},
  { types = "sources" }: { readonly types?: "sources" | "declarations" } = {},
): TemporaryProject {
  const root = mkdtempSync(path.join(tmpdir(), "labwright-"));
  const project: TemporaryProject = {
    root,
    write(file, content) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), content);
    },
    read: (file) => readFileSync(path.join(root, file), "utf8"),
    edit(file, text, replacement) {
      const parts = project.read(file).split(text);
      if (parts.length !== 2)
        throw new Error(`${file} holds ${JSON.stringify(text)} ${parts.length - 1} times`);
      project.write(file, parts.join(replacement));
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
  mkdirSync(path.join(root, "node_modules"));
  symlinkSync(checkout, path.join(root, "node_modules/labwright"));
  for (const name of ["zod", "@types"])
    symlinkSync(path.join(checkout, "node_modules", name), path.join(root, "node_modules", name));
  project.write("package.json", JSON.stringify({ name: "temporary", type: "module", private: true }));
  const options = types === "sources" ? { ...compilerOptions, paths } : compilerOptions;
  project.write("tsconfig.json", JSON.stringify({ compilerOptions: options, include: ["**/*.ts"] }));
  for (const [file, content] of Object.entries(files)) project.write(file, content);
  return project;
}

const compilerOptions = {
  target: "ES2023",
  lib: ["ES2023"],
  module: "NodeNext",
  types: ["node"],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
} as const;

const paths = {
  labwright: [path.join(checkout, "lib/index.ts")],
  "labwright/environments/*": [path.join(checkout, "lib/environments/*.ts")],
  "labwright/agents/*": [path.join(checkout, "lib/agents/*.ts")],
};
