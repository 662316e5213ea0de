// A program in a process group of its own that never outlives the one who started it: beside it in the group a watcher reads a pipe
// whose other end only the starter holds. When the starter ends in whatever way, the pipe ends and the watcher kills the group.
import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";

export interface GroupOptions {
  readonly run: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Hears whole lines of both outputs. */
  onLine(line: string, level: "info" | "error"): void;
}

/** How a program ended: 128 and the signal's number after a signal, 127 where it was not found. */
export interface GroupEnd {
  readonly code: number;
}

/** Standard input of the shell is the pipe; that of the program is empty. */
const supervisor = `
exec 3<&0 </dev/null
( cat <&3 >/dev/null 2>&1; kill -9 -$$ ) >/dev/null 2>&1 &
exec 3<&-
"$@" </dev/null &
wait $!
exit $?`;

/** Longest line that is kept in memory, in characters. */
const lineMax = 64 * 1024;

/** Runs a program to its end; whatever it left running is killed. Rejects when no shell can be started. */
export function runGroup({ run, folder, environment, signal, onLine }: GroupOptions): Promise<GroupEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn("/bin/sh", ["-c", supervisor, "sh", ...run], {
      cwd: folder,
      env: environment,
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
    });
    const kill = (): void => killGroup(child);
    signal.addEventListener("abort", kill, { once: true });
    if (signal.aborted) kill();
    child.stdin.on("error", () => undefined);
    readLines(child.stdout, (line) => onLine(line, "info"));
    readLines(child.stderr, (line) => onLine(line, "error"));
    child.on("error", reject);
    child.on("exit", kill);
    child.on("close", (code) => {
      signal.removeEventListener("abort", kill);
      resolve({ code: code ?? 137 });
    });
  });
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing of it is left.
  }
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
    if (rest.length <= lineMax) return;
    onLine(rest);
    rest = "";
  });
  stream.on("end", () => {
    if (rest !== "") onLine(rest);
  });
}
