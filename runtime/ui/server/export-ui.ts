// A copy of the page and of what it shows, to publish: the same page over files instead of a server. It acts on nothing and names no token.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { redactorOf } from "../../record/redact.ts";
import { wordedSync } from "../../store/files/store-error.ts";
import { openStore } from "../../store/project-store.ts";
import { exportName } from "../export-name.ts";
import { pageFileOf } from "./page-files.ts";
import { answerOf } from "./routes.ts";
import { RunWatcher } from "./run-watcher.ts";
import type { UiContext, UiOptions } from "./ui-context.ts";

/** Rows of trials of each experiment, and trials whose record is copied: the failed first. */
const rowsMax = 2000;
const trialsMax = 200;
const pageRows = 200;

/** Answers with the paths written, relative to the folder. Throws UserError where the folder cannot be written. */
export async function exportUi(options: UiOptions, folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  const redact = redactorOf(process.env);
  const write = (path: string, content: string | Uint8Array): void => {
    wordedSync(folder, () => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), typeof content === "string" ? redact(content) : content);
    });
    files.push(path);
  };
  for (const name of ["page.js", "page.css", "icon.svg"]) write(name, pageFileOf(`/${name}`).bytes);
  write("index.html", exportedDocument());
  const context = contextOf({ ...options, readOnly: true });
  const copy = async <T>(path: string): Promise<T> => {
    const [address = "", query = ""] = path.split("?");
    const parts = address.split("/").slice(1).map(decodeURIComponent);
    const asked = { path: parts, query: new URLSearchParams(query), body: null, right: "look" as const };
    const answer = await answerOf(context, asked);
    write(join("data", exportName(path)), `${JSON.stringify(answer, null, 1)}\n`);
    // The views of routes.ts, by address.
    return answer as T;
  };
  const project = await answerOf(context, {
    path: ["project"],
    query: new URLSearchParams(),
    body: null,
    right: "look",
  });
  write("data/project.json", `${JSON.stringify({ ...(project as object), exported: true }, null, 1)}\n`);
  for (const run of await context.store.runs()) {
    await copyRun(run.id, copy);
    write(
      join("data", exportName(`/run/${run.id}/report`).replace(/json$/, "html")),
      await options.ports.reportOf(context.store, run),
    );
  }
  return files;
}

async function copyRun(id: string, copy: <T>(path: string) => Promise<T>): Promise<void> {
  const { experiment, metric } = await copy<{ experiment: string; metric: string | null }>(`/run/${id}`);
  if (metric !== null) await copy(`/run/${id}/curve?${new URLSearchParams({ experiment, metric })}`);
  const failures = await copy<{ groups: readonly { examples: readonly string[] }[] }>(
    `/run/${id}/failures?${new URLSearchParams({ experiment })}`,
  );
  const trials: string[] = failures.groups.flatMap(({ examples }) => examples.slice(0, 3));
  for (let offset = 0; offset < rowsMax; offset += pageRows) {
    const query = { experiment, offset: String(offset), limit: String(pageRows) };
    const page = await copy<{ count: number; rows: readonly { id: string }[] }>(
      `/run/${id}/trials?${new URLSearchParams(query)}`,
    );
    trials.push(...page.rows.map((row) => row.id));
    if (offset + pageRows >= page.count) break;
  }
  for (const trial of [...new Set(trials)].slice(0, trialsMax)) await copy(`/run/${id}/trial/${trial}`);
}

function exportedDocument(): string {
  return pageFileOf("/")
    .bytes.toString("utf8")
    .replaceAll('"/', '"./')
    .replace('<meta name="referrer"', '<meta name="lab-export" content="1" />\n    <meta name="referrer"');
}

function contextOf(options: UiOptions): UiContext {
  const store = openStore(options.root);
  const watchers = new Map<string, RunWatcher>();
  return {
    options,
    store,
    async watcherOf(reference) {
      const known = watchers.get(reference);
      if (known !== undefined) return known;
      const run = await store.findRun(reference);
      if (run === null || "ambiguous" in run)
        throw new Error(`run ${reference} was deleted while it was copied`);
      const watcher = new RunWatcher(store, run, { readOnly: true, now: Date.now });
      watchers.clear();
      watchers.set(reference, watcher);
      return watcher;
    },
    ticketFor: () => "",
  };
}
