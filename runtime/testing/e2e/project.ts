// A project in a temporary folder and the real command line over it, for the end-to-end tests: what a user would have after
// `npm install labwright`, with `node_modules/labwright` linked to this checkout (whose dist/ the gate has built).
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const checkout = fileURLToPath(new URL("../../..", import.meta.url));
const command = join(checkout, "dist/runtime/cli/lab.js");

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, for messages of failed assertions. */
  readonly all: string;
}

export interface Project {
  readonly root: string;
  path(...parts: string[]): string;
  write(file: string, text: string): void;
  read(file: string): string;
  /** Runs `lab` to its end. */
  lab(...args: string[]): Ended;
  /** Starts `lab` in a process group of its own. */
  start(args: readonly string[], environment?: Readonly<Record<string, string>>): ChildProcess;
  remove(): void;
}

const environment = { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", CI: "" };

/** A row as a result: without what differs from run to run (when, where, how long, at which attempt, from which saved states). */
export function resultOf(row: object): Record<string, unknown> {
  const isTelemetry = (name: string): boolean =>
    /^(duration_ms|started_at|attempt|worker|telemetry_.*)$/.test(name);
  return Object.fromEntries(Object.entries(row).filter(([name]) => !isTelemetry(name)));
}

/** A project holding the given files (path to text). */
export function projectOf(files: Readonly<Record<string, string>>): Project {
  if (!existsSync(command))
    throw new Error("dist/ is missing: run `npm run build` before the end-to-end tests");
  const root = realpathSync(mkdtempSync(join(tmpdir(), "labwright-e2e-")));
  const project: Project = {
    root,
    path: (...parts) => join(root, ...parts),
    write(file, text) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    },
    read: (file) => readFileSync(join(root, file), "utf8"),
    lab(...args) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
        cwd: root,
        encoding: "utf8",
        env: environment,
        maxBuffer: 1 << 28,
        timeout: 300_000,
      });
      return {
        code: status,
        stdout,
        stderr,
        all: `$ lab ${args.join(" ")}\n${stdout}${stderr}\nexit code ${status}`,
      };
    },
    start(args, extra = {}) {
      return spawn(process.execPath, [command, ...args], {
        cwd: root,
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...environment, ...extra },
      });
    },
    // What a failed test left running may write while it is removed: the failure is to be told, not that.
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
  mkdirSync(join(root, "node_modules"), { recursive: true });
  symlinkSync(checkout, join(root, "node_modules/labwright"), "dir");
  for (const name of ["zod", "@types"])
    symlinkSync(join(checkout, "node_modules", name), join(root, "node_modules", name), "dir");
  project.write("package.json", '{ "name": "e2e", "private": true, "type": "module" }\n');
  cpSync(join(checkout, "runtime/testing/e2e/tsconfig.template.json"), join(root, "tsconfig.json"));
  for (const [file, text] of Object.entries(files)) project.write(file, text);
  return project;
}

/** Resolves with code, output and signal once a started `lab` has ended. */
export function ended(child: ChildProcess): Promise<Ended & { readonly signal: NodeJS.Signals | null }> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (bytes) => {
    stdout += bytes;
  });
  child.stderr?.on("data", (bytes) => {
    stderr += bytes;
  });
  return new Promise((done) => {
    child.on("close", (code, signal) =>
      done({ code, signal, stdout, stderr, all: `${stdout}${stderr}\nexit code ${code} ${signal ?? ""}` }),
    );
  });
}
