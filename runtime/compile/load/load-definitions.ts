// The program of the loading process: imports bundles of experiments, where the author's code runs for the first time, and sends
// what they define as plain data. It is bundled with them, so that it runs without a loader of its own.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type AuthorsCall, onAuthorsCall } from "../../../lib/experiment/authors-call.ts";
import { type CallSite, parseFrame } from "../../../lib/experiment/call-site.ts";
import { type ExperimentDefinition, isExperiment } from "../../../lib/experiment/definition.ts";
import { endWithParent } from "../../execute/host/end-with-parent.ts";
import { contentNamed } from "../../store/build-files.ts";
import type { LoadedExperiment, LoadMessage, LoadRequest } from "./loaded-experiment.ts";
import { readDefinition } from "./read-definition.ts";

endWithParent();
onAuthorsCall(busy);

let current = "";
let isOver = false;
let aliveAt = 0;
/** How often a long pass says that it goes on. */
const aliveMs = 500;

function send(message: LoadMessage, then?: () => void): void {
  if (process.send === undefined) throw new Error("the loading process has no channel to its parent");
  process.send(message, undefined, undefined, then);
}

function sendFailure(thrown: unknown, then?: () => void): void {
  const text = thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
  send(
    {
      type: "failed",
      file: current,
      isLast: isOver,
      text,
      frames: thrown instanceof Error ? framesOf(thrown) : [],
    },
    then,
  );
}

/** The places of a stack, innermost first. */
function framesOf(thrown: Error): CallSite[] {
  return (thrown.stack ?? "")
    .split("\n")
    .flatMap((line) => (/^\s+at /.test(line) ? (parseFrame(line) ?? []) : []));
}

async function loadBundle(
  request: LoadRequest,
  item: { readonly file: string; readonly bundle: string },
): Promise<void> {
  current = item.file;
  send({ type: "busy", file: item.file, part: null });
  // A module's namespace: its exports by name.
  const module = (await import(pathToFileURL(path.join(request.folder, item.bundle)).href)) as Record<
    string,
    unknown
  >;
  const definitions = new Map<ExperimentDefinition, string[]>();
  for (const [exportName, value] of Object.entries(module)) {
    if (!isExperiment(value)) continue;
    const names = definitions.get(value) ?? [];
    definitions.set(value, exportName === "default" ? ["default", ...names] : [...names, exportName]);
  }
  const experiments: LoadedExperiment[] = [];
  for (const [definition, exportNames] of definitions) {
    const base = `${request.spaces}/${path.basename(item.bundle, ".mjs")}.${exportNames[0]}`;
    experiments.push(
      await readDefinition(definition, {
        root: request.root,
        file: item.file,
        exportNames,
        overrides: request.overrides,
        framesOf,
        busy: (part, site) => busy({ experiment: definition.name, part, site }),
        alive,
        keep(suffix, content) {
          mkdirSync(path.join(request.folder, request.spaces), { recursive: true });
          const name = contentNamed(base, suffix, content);
          writeFileSync(path.join(request.folder, name), content);
          return name;
        },
      }),
    );
  }
  // Read by the parent's end of the channel before the next file, whose code may stop the world, begins.
  await new Promise<void>((resolve) => send({ type: "loaded", file: item.file, experiments }, resolve));
}

function busy(part: AuthorsCall | null): void {
  send({ type: "busy", file: current, part });
}

function alive(): void {
  const now = Date.now();
  if (now - aliveAt < aliveMs) return;
  aliveAt = now;
  send({ type: "alive" });
}

// What the author's module leaves to go wrong later, such as a promise nobody waits for, ends this process; the parent starts
// another for the files that remain.
process.on("uncaughtException", (thrown) => {
  isOver = true;
  sendFailure(thrown, () => process.exit(1));
});

process.once("message", async (request: LoadRequest) => {
  for (const item of request.bundles) {
    try {
      await loadBundle(request, item);
    } catch (thrown) {
      sendFailure(thrown);
    }
    // Rejections that nobody handles surface now, while their file is still the current one.
    await new Promise((resolve) => setImmediate(resolve));
    if (isOver) return;
  }
  // Timers and sockets that modules left open must not keep the process.
  send({ type: "done" }, () => process.exit(0));
});
