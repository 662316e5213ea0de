// Runs the loading program in a process of its own: the author's modules may throw, exit, crash or hang, and each of these is a
// diagnostic with a place. After a crash another process goes on with the files that remain.
import { spawn } from "node:child_process";
import { totalmem } from "node:os";
import path from "node:path";
import type { Readable } from "node:stream";
import { isDeepStrictEqual } from "node:util";
import type { CallSite } from "../../../lib/experiment/call-site.ts";
import type { Diagnostic, SourcePlace } from "../../diagnostic/diagnostic.ts";
import { loadEnded, loadFailed, loadHung } from "../../diagnostic/messages.ts";
import { loaderBundle } from "../check/bundle.ts";
import type { LoadedExperiment, LoadMessage, LoadRequest } from "./loaded-experiment.ts";
import { withSimulation } from "./planned-simulation.ts";
import { placesOf } from "./source-place.ts";

export interface Loaded {
  /** Files whose definitions were read. */
  readonly files: ReadonlySet<string>;
  readonly experiments: readonly LoadedExperiment[];
  readonly diagnostics: readonly Diagnostic[];
  /** Places behind call sites inside these bundles. */
  readonly placeOf: (site: CallSite | null) => SourcePlace | null;
}

/** How long the loading process may be silent. */
const silenceMsMax = 20_000;
/** What the definitions of a project may hold on the heap, on a machine that has twice as much. */
const heapMbMax = 4096;

/** Loads the definitions of a build's bundles. `heapMb` bounds the heap of the loading process. */
export async function load(
  options: LoadRequest & { readonly silenceMs?: number; readonly heapMb?: number },
): Promise<Loaded> {
  const { silenceMs = silenceMsMax, heapMb = defaultHeapMb(), ...request } = options;
  const { root } = request;
  const placeOf = placesOf(root);
  const experiments: LoadedExperiment[] = [];
  const diagnostics: Diagnostic[] = [];
  const read = new Set<string>();
  let remaining = request.bundles;
  while (remaining.length > 0) {
    const finished = new Set<string>();
    const limits = { silenceMs, heapMb };
    const end = await runLoader({ ...request, bundles: remaining }, limits, (message) => {
      if (message.type === "loaded") {
        finished.add(message.file);
        read.add(message.file);
        experiments.push(...message.experiments);
      } else if (message.type === "failed") {
        finished.add(message.file);
        const place = message.frames.map(placeOf).find((found) => found !== null) ?? startOf(message.file);
        diagnostics.push(loadFailed({ place, file: message.file, text: message.text }));
      }
    });
    if (end.kind === "done") break;
    if (end.kind !== "told") {
      const guilty = end.busy?.file ?? remaining.find(({ file }) => !finished.has(file))?.file;
      if (guilty === undefined) break;
      const place = placeOf(end.busy?.part?.site ?? null) ?? startOf(guilty);
      const diagnostic = endOf(end, { file: guilty, place, silenceMs });
      // Every file that imports the experiment ends the same way.
      if (!diagnostics.some((other) => isDeepStrictEqual(other, diagnostic))) diagnostics.push(diagnostic);
      finished.add(guilty);
    }
    remaining = remaining.filter(({ file }) => !finished.has(file));
  }
  const whole = await Promise.all(experiments.map((each) => withSimulation(each, request)));
  return { files: read, experiments: whole, diagnostics, placeOf };
}

function defaultHeapMb(): number {
  return Math.min(heapMbMax, Math.floor(totalmem() / 2 ** 21));
}

type Busy = Extract<LoadMessage, { readonly type: "busy" }>;

type LoaderEnd =
  | { readonly kind: "done" }
  /** It said itself what ended it. */
  | { readonly kind: "told" }
  | { readonly kind: "ended"; readonly busy: Busy | null; readonly how: string }
  | { readonly kind: "hung"; readonly busy: Busy | null };

function runLoader(
  request: LoadRequest,
  { silenceMs, heapMb }: { readonly silenceMs: number; readonly heapMb: number },
  onMessage: (message: LoadMessage) => void,
): Promise<LoaderEnd> {
  return new Promise((resolve, reject) => {
    // What modules print goes to standard error: standard output may be somebody's JSON.
    // A group of its own, so that what a module starts ends with it.
    const program = path.join(request.folder, loaderBundle);
    const child = spawn(process.execPath, [`--max-old-space-size=${heapMb}`, program], {
      stdio: ["ignore", 2, "pipe", "ipc"],
      detached: true,
    });
    const killGroup = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch {
        // Nothing of it is left.
      }
    };
    const printed = printedBy(child.stderr);
    let busy: Busy | null = null;
    let isDone = false;
    let isHung = false;
    let isTold = false;
    const guard = (): NodeJS.Timeout =>
      setTimeout(() => {
        isHung = true;
        killGroup();
      }, silenceMs);
    let timer = guard();
    child.on("error", reject);
    // Node's channel carries what load-definitions.ts sends, and nothing else.
    child.on("message", (message: LoadMessage) => {
      clearTimeout(timer);
      timer = guard();
      if (message.type === "busy") busy = message;
      isDone ||= message.type === "done";
      isTold ||= message.type === "failed" && message.isLast;
      onMessage(message);
    });
    child.on("exit", () => {
      clearTimeout(timer);
      killGroup();
      // What left the group may hold the pipe open.
      setTimeout(() => child.stderr?.destroy(), pipeMs).unref();
    });
    child.on("close", (code, signal) => {
      if (isDone) resolve({ kind: "done" });
      else if (isTold) resolve({ kind: "told" });
      else if (isHung) resolve({ kind: "hung", busy });
      else if (printed.isHeapFull())
        resolve({ kind: "ended", busy, how: `it needed more than ${heapMb} MB` });
      else
        resolve({
          kind: "ended",
          busy,
          how: signal === null ? `it exited with code ${code}` : `killed by ${signal}`,
        });
    });
    child.send(request);
  });
}

/** How long what a process has printed is read after its end. */
const pipeMs = 1000;

/** Hands on what modules print, but not the pages of frames that V8 prints when it gives up. */
function printedBy(stream: Readable | null): { isHeapFull(): boolean } {
  let isHeapFull = false;
  let isCrash = false;
  stream?.setEncoding("utf8").on("data", (text: string) => {
    isHeapFull ||= text.includes("heap out of memory");
    if (isCrash) return;
    const at = text.search(/\n?<--- Last few GCs --->|\n?FATAL ERROR: |----- Native stack trace -----/);
    isCrash = at >= 0;
    process.stderr.write(isCrash ? text.slice(0, at) : text);
  });
  return { isHeapFull: () => isHeapFull };
}

function endOf(
  end: Exclude<LoaderEnd, { kind: "done" | "told" }>,
  of: { readonly file: string; readonly place: SourcePlace; readonly silenceMs: number },
): Diagnostic {
  const { file, place, silenceMs } = of;
  const part = end.busy?.part ?? null;
  const what = part === null ? `Loading ${file}` : `The ${part.part} of "${part.experiment}"`;
  return end.kind === "hung"
    ? loadHung({ place, what, seconds: silenceMs / 1000 })
    : loadEnded({ place, what, how: end.how });
}

function startOf(file: string): SourcePlace {
  return { file, line: 1, column: 1, length: 1 };
}
