// Runs the loading program in a process of its own: the author's modules may throw, exit, crash or hang, and each of these is a
// diagnostic with a place. After a crash another process goes on with the files that remain.
import { spawn } from "node:child_process";
import path from "node:path";
import type { CallSite } from "../../../lib/experiment/call-site.ts";
import type { Diagnostic, SourcePlace } from "../../diagnostic/diagnostic.ts";
import { loadEnded, loadFailed, loadHung } from "../../diagnostic/messages.ts";
import { loaderBundle } from "../check/bundle.ts";
import type { LoadedExperiment, LoadMessage, LoadRequest } from "./loaded-experiment.ts";
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

/** Loads the definitions of a build's bundles. */
export async function load(
  options: LoadRequest & { readonly root: string; readonly silenceMs?: number },
): Promise<Loaded> {
  const { root, silenceMs = silenceMsMax, ...request } = options;
  const placeOf = placesOf(root);
  const experiments: LoadedExperiment[] = [];
  const diagnostics: Diagnostic[] = [];
  const read = new Set<string>();
  let remaining = request.bundles;
  while (remaining.length > 0) {
    const finished = new Set<string>();
    const end = await runLoader({ ...request, bundles: remaining }, silenceMs, (message) => {
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
      const guilty = end.file ?? remaining.find(({ file }) => !finished.has(file))?.file;
      if (guilty === undefined) break;
      diagnostics.push(endOf(end, guilty, silenceMs));
      finished.add(guilty);
    }
    remaining = remaining.filter(({ file }) => !finished.has(file));
  }
  return { files: read, experiments, diagnostics, placeOf };
}

type LoaderEnd =
  | { readonly kind: "done" }
  /** It said itself what ended it. */
  | { readonly kind: "told" }
  | { readonly kind: "ended"; readonly file: string | null; readonly how: string }
  | { readonly kind: "hung"; readonly file: string | null; readonly with: string };

function runLoader(
  request: LoadRequest,
  silenceMs: number,
  onMessage: (message: LoadMessage) => void,
): Promise<LoaderEnd> {
  return new Promise((resolve, reject) => {
    // What modules print goes to standard error: standard output may be somebody's JSON.
    // A group of its own, so that what a module starts ends with it.
    const child = spawn(process.execPath, [path.join(request.folder, loaderBundle)], {
      stdio: ["ignore", 2, 2, "ipc"],
      detached: true,
    });
    const killGroup = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch {
        // Nothing of it is left.
      }
    };
    let busy: { readonly file: string; readonly with: string } | null = null;
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
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      killGroup();
      const file = busy?.file ?? null;
      if (isDone) resolve({ kind: "done" });
      else if (isTold) resolve({ kind: "told" });
      else if (isHung) resolve({ kind: "hung", file, with: busy?.with ?? "loading" });
      else
        resolve({
          kind: "ended",
          file,
          how: signal === null ? `it exited with code ${code}` : `killed by ${signal}`,
        });
    });
    child.send(request);
  });
}

function endOf(
  end: Exclude<LoaderEnd, { kind: "done" | "told" }>,
  file: string,
  silenceMs: number,
): Diagnostic {
  const place = startOf(file);
  return end.kind === "hung"
    ? loadHung({ place, file, what: end.with, seconds: silenceMs / 1000 })
    : loadEnded({ place, file, how: end.how });
}

function startOf(file: string): SourcePlace {
  return { file, line: 1, column: 1, length: 1 };
}
