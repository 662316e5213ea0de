// The one adapter to TypeScript 7, the native compiler (npm alias `ts7`): its binary as a process of its own.
// Nothing else in the project knows its command line or output, which may change with any release; the version is pinned.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import path from "node:path";

/** One error as tsc prints it: path relative to the working folder, line and column from 1, text in one line. */
export interface TscError {
  readonly file: string | null;
  readonly line: number;
  readonly column: number;
  readonly tsCode: string;
  readonly text: string;
}

export interface TscAnswer {
  readonly errors: readonly TscError[];
  /** Absolute paths of every file that the program read, declaration files of packages included. */
  readonly files: readonly string[];
}

/** Path of the native compiler for this machine; null where npm installed none. */
export function nativeTscPath(): string | null {
  try {
    const alias = createRequire(import.meta.url).resolve("ts7/package.json");
    const platform = `@typescript/typescript-${process.platform}-${process.arch}/package.json`;
    const binary = process.platform === "win32" ? "tsc.exe" : "tsc";
    const found = path.join(path.dirname(createRequire(alias).resolve(platform)), "lib", binary);
    return existsSync(found) ? found : null;
  } catch {
    return null;
  }
}

const filesPerChecker = 60;

/** Checks the program of a tsconfig file. Rejects when the compiler itself cannot be run. */
export function runNativeTsc(options: {
  readonly tsc: string;
  readonly tsconfig: string;
  readonly folder: string;
  /** How many files were asked about, to choose the number of checkers. */
  readonly fileCount: number;
}): Promise<TscAnswer> {
  return new Promise((resolve, reject) => {
    // Checkers share no types: with the default of four, each works out the same library types again. One is quickest until there
    // are many files, and leaves a core to the other phases.
    const checkers = Math.min(4, availableParallelism(), Math.ceil(options.fileCount / filesPerChecker));
    const args = ["--project", options.tsconfig, "--noEmit", "--pretty", "false", "--listFiles"];
    args.push("--checkers", `${Math.max(1, checkers)}`);
    // Garbage is collected only near the limit: a check of this size is over before.
    const env = {
      ...process.env,
      GOGC: process.env.GOGC ?? "off",
      GOMEMLIMIT: process.env.GOMEMLIMIT ?? "512MiB",
    };
    const child = spawn(options.tsc, args, { cwd: options.folder, env, stdio: ["ignore", "pipe", "pipe"] });
    const chunks: Buffer[] = [];
    const complaints: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => complaints.push(chunk));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const output = Buffer.concat(chunks).toString("utf8");
      // 0: clean; 1 and 2: errors found. Anything else is a failure of the compiler.
      if (code === null || code > 2) {
        reject(
          new Error(
            `tsc ended with ${signal ?? `code ${code}`}: ${Buffer.concat(complaints).toString("utf8") || output}`,
          ),
        );
      } else {
        resolve(parseTscOutput(output, options.folder));
      }
    });
  });
}

const located = /^(.+?)\((\d+),(\d+)\): error (TS\d+): (.*)$/;
const unlocated = /^error (TS\d+): (.*)$/;

/** Reads what tsc printed with `--pretty false --listFiles`: errors, their indented continuations, and absolute paths. */
export function parseTscOutput(output: string, folder: string): TscAnswer {
  const errors: { file: string | null; line: number; column: number; tsCode: string; text: string }[] = [];
  const files: string[] = [];
  for (const line of output.split(/\r?\n/)) {
    const at = located.exec(line);
    const bare = at === null ? unlocated.exec(line) : null;
    if (at !== null) {
      const [, file = "", row, column, tsCode = "", text = ""] = at;
      errors.push({ file, line: Number(row), column: Number(column), tsCode, text });
    } else if (bare !== null) {
      errors.push({ file: null, line: 1, column: 1, tsCode: bare[1] ?? "", text: bare[2] ?? "" });
    } else if (/^\s+\S/.test(line)) {
      const last = errors.at(-1);
      if (last !== undefined) last.text = `${last.text.replace(/[.]$/, "")}: ${line.trim()}`;
    } else if (line !== "") {
      files.push(path.resolve(folder, line));
    }
  }
  return { errors, files };
}
