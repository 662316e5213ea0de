// A program in a process group of its own that never outlives the one who started it: beside it in the group a watcher reads a pipe
// whose other end only the starter holds. When the starter ends in whatever way, the pipe ends and the watcher kills the group. A process
// that left the group is known by a variable of its environment, where the system shows it (Linux).
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
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

/** The variable that marks everything that a program starts. */
const markName = "LABWRIGHT_PROCESSES";

/** Standard input of the shell is the pipe; that of the program is empty. The watcher ends others before its own group. */
const supervisor = `
exec 3<&0 </dev/null
( while read -r nothing <&3; do :; done
  self=$(exec sh -c 'echo $PPID')
  for file in /proc/[0-9]*/environ; do
    pid=\${file#/proc/}; pid=\${pid%/environ}
    [ "$pid" = "$self" ] || { grep -q "${markName}=$${markName}" "$file" && kill -9 "$pid"; }
  done
  kill -9 -$$ ) >/dev/null 2>&1 &
exec 3<&-
"$@" </dev/null &
wait $!
exit $?`;

/** How long outputs may stay open once the program has ended, in ms: by a process that could not be found. */
const closeMs = 2000;

/** Longest line that is kept in memory, in characters. */
const lineMax = 64 * 1024;

/** Runs a program to its end; whatever it left running is killed. Rejects when no shell can be started. */
export function runGroup({ run, folder, environment, signal, onLine }: GroupOptions): Promise<GroupEnd> {
  return new Promise((resolve, reject) => {
    const mark = randomUUID();
    const child = spawn("/bin/sh", ["-c", supervisor, "sh", ...run], {
      cwd: folder,
      env: { ...environment, [markName]: mark },
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
    });
    const kill = (): void => killAll(child, mark);
    signal.addEventListener("abort", kill, { once: true });
    if (signal.aborted) kill();
    child.stdin.on("error", () => undefined);
    readLines(child.stdout, (line) => onLine(line, "info"));
    readLines(child.stderr, (line) => onLine(line, "error"));
    child.on("error", reject);
    let timer: NodeJS.Timeout | null = null;
    child.on("exit", () => {
      kill();
      timer = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, closeMs);
    });
    child.on("close", (code) => {
      if (timer !== null) clearTimeout(timer);
      signal.removeEventListener("abort", kill);
      resolve({ code: code ?? 137 });
    });
  });
}

/** Kills the group, and those that left it. */
function killAll({ pid }: ChildProcess, mark: string): void {
  if (pid !== undefined) killQuietly(-pid);
  const wanted = `${markName}=${mark}`;
  // Whoever starts others meanwhile is killed first or is found with them in the next round.
  for (let round = 0; round < 20; round += 1) {
    const found = marked(wanted);
    if (found.length === 0) return;
    found.forEach(killQuietly);
  }
}

function marked(wanted: string): readonly number[] {
  try {
    return readdirSync("/proc").flatMap((name) => {
      const pid = Number(name);
      return Number.isInteger(pid) && holds(`/proc/${name}/environ`, wanted) ? [pid] : [];
    });
  } catch {
    return [];
  }
}

/** False for a process of somebody else's, and for one that has ended. */
function holds(file: string, wanted: string): boolean {
  try {
    return readFileSync(file, "latin1").includes(wanted);
  } catch {
    return false;
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Nothing of it is left.
  }
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    // A progress bar goes back to the start of its line: each state of it is a line.
    const lines = (rest + text).split(/\r?\n|\r(?=.)/s);
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
    if (rest.length <= lineMax) return;
    onLine(rest);
    rest = "";
  });
  stream.on("end", () => {
    if (rest !== "") onLine(rest.replace(/\r$/, ""));
  });
}
