// `lab ui`: the live page, until Ctrl-C; with --export, a copy of it to publish. Reports and comparisons are made here, since only the command
// line sees them.
import { join, relative, resolve } from "node:path";
import { pageOf } from "../../../reports/page/page.ts";
import { runComparisonPage } from "../../../reports/page/run-comparison-page.ts";
import { composeReport } from "../../../reports/report.ts";
import { customResultsOf } from "../../run/custom-results.ts";
import { runPortsOf } from "../../run/ports.ts";
import type { ProjectStore } from "../../store/project-store.ts";
import type { RunManifest } from "../../store/store.ts";
import { exportUi } from "../../ui/server/export-ui.ts";
import type { UiPorts } from "../../ui/server/ui-context.ts";
import { startUiServer, type UiServer } from "../../ui/server/ui-server.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { openPage } from "../open-page.ts";
import { flag, number, projectRoot, text } from "../options.ts";
import { say } from "../terminal/say.ts";
import { comparedRuns } from "./compare.ts";

export const handle: CommandHandler = async (_positional, options) => {
  const root = projectRoot(options);
  const readOnly = flag(options, "readOnly");
  const json = flag(options, "json");
  const given = { root, program: process.argv[1] ?? "", port: number(options, "port") ?? 0, readOnly, ports };
  const folder = text(options, "export");
  if (folder !== null) {
    const files = await exportUi(given, resolve(folder));
    if (json) process.stdout.write(`${JSON.stringify({ folder: resolve(folder), files }, null, 2)}\n`);
    else say(process.stdout, `wrote ${relative(process.cwd(), join(resolve(folder), "index.html"))}`);
    return exitCode.done;
  }
  const server = await startUiServer(given);
  const url = addressOf(server, { readOnly });
  if (json) process.stdout.write(`${JSON.stringify({ url, port: server.port, readOnly })}\n`);
  else {
    say(process.stdout, url);
    say(process.stderr, `${readOnly ? "looks only; " : ""}Ctrl-C ends the page, never a run`);
  }
  if (flag(options, "open")) {
    const problem = await openPage(url);
    if (problem !== null) say(process.stderr, `warning: ${problem}`);
  }
  await interrupted();
  await server.close();
  return exitCode.done;
};

/** The token stands in the fragment, which no browser sends to anybody. */
function addressOf({ port, tokens }: UiServer, { readOnly }: { readonly readOnly: boolean }): string {
  return `http://127.0.0.1:${port}/#t=${readOnly ? tokens.look : tokens.act}`;
}

function interrupted(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => done());
  });
}

const ports: UiPorts = {
  async reportOf(store: ProjectStore, run: RunManifest): Promise<string> {
    const results = await store.results(run);
    const { executor } = runPortsOf();
    const listener = (): void => {};
    const customs = await customResultsOf({ store, run, results, executor, timeoutMs: null, listener });
    const { analysis, charts, ...missing } = await composeReport(results, { customs });
    return pageOf(analysis, charts, missing);
  },
  comparisonOf: async (store, before, after) => runComparisonPage(await comparedRuns(store, before, after)),
};
