// `lab report [run]`: what was found and how sure we are, from the stored run alone. `--check` lets a gate decide the exit code,
// `--watch` writes the report anew while the run goes on.
import { join, relative, resolve } from "node:path";
import { visibleText } from "../../../reports/design/visible-text.ts";
import { type CheckedFinding, checksOf, junitOf } from "../../../reports/export/junit.ts";
import { type ReportFormat, reportFormats } from "../../../reports/export/write-report.ts";
import { composeReport, type Report, ReportWriteError, writeReport } from "../../../reports/report.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import type { Listener } from "../../event/event.ts";
import { customResultsOf } from "../../run/custom-results.ts";
import { runPortsOf } from "../../run/ports.ts";
import { writeAtomicSync } from "../../store/files/atomic-file.ts";
import { runLayoutOf } from "../../store/files/layout.ts";
import { storeErrorOf } from "../../store/files/store-error.ts";
import { openStore, type ProjectStore } from "../../store/project-store.ts";
import { isRunning } from "../../store/runs/start-run.ts";
import type { RunManifest } from "../../store/store.ts";
import { chosen } from "../choice.ts";
import type { CommandHandler, OptionValues } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { foundRun, foundRunOf } from "../found-run.ts";
import { openPage } from "../open-page.ts";
import { flag, number, projectRoot, text } from "../options.ts";
import { sayStoreProblems } from "../store-warnings.ts";
import { say } from "../terminal/say.ts";

/** How long `--watch` rests between two reports. */
const watchMs = 3000;

export const handle: CommandHandler = async ([reference], options) => {
  const root = projectRoot(options);
  const found = await foundRunOf(openStore(root), reference ?? null, options);
  const target = {
    ...targetOf(openStore(root), found, options),
    timeoutMs: number(options, "analysisTimeout"),
  };
  let isOpened = false;
  for (;;) {
    // A store opened anew sees what was recorded since.
    const store = openStore(root);
    // Asked before the manifest is read: what is read once no process writes is final.
    const goesOn = flag(options, "watch") && isRunning(store, found);
    const run = await foundRun(store, found.id);
    const written = await reportOf(store, run, target);
    if (flag(options, "open") && !isOpened) {
      isOpened = true;
      const problem = await openPage(join(target.folder, "report.html"));
      if (problem !== null)
        say(process.stderr, `warning: ${problem}; the page is ${join(target.folder, "report.html")}`);
    }
    if (!goesOn) {
      sayStoreProblems(store);
      return conclude(written, run, options);
    }
    tell(
      options,
      `${new Date().toISOString().slice(11, 19)} wrote ${written.files.length} files; the run goes on`,
    );
    await new Promise((rested) => setTimeout(rested, watchMs));
  }
};

interface Target {
  readonly folder: string;
  readonly formats: readonly ReportFormat[];
  readonly junit: string | null;
}

interface Written {
  readonly report: Report;
  readonly files: readonly string[];
}

function targetOf(store: ProjectStore, run: RunManifest, options: OptionValues): Target {
  const asked = formatsOf(text(options, "format") ?? "html,csv");
  const given = text(options, "outputDir");
  const folder = given === null ? join(runLayoutOf(store.layout, run.id).folder, "report") : resolve(given);
  const junit = text(options, "junit");
  const formats = flag(options, "open") && !asked.includes("html") ? [...asked, "html" as const] : asked;
  return { folder, formats, junit: junit === null ? null : resolve(junit) };
}

async function reportOf(
  store: ProjectStore,
  run: RunManifest,
  target: Target & { readonly timeoutMs: number | null },
): Promise<Written> {
  const results = await store.results(run);
  const { executor } = runPortsOf();
  const { timeoutMs } = target;
  const customs = await customResultsOf({ store, run, results, executor, timeoutMs, listener: sayLog });
  const report = await composeReport(results, { customs });
  const files = [...(await writeReport(report, target).catch(wordedWrite))];
  const { junit } = target;
  if (junit !== null) {
    writeAtomicSync(junit, junitOf(report.analysis));
    files.push(junit);
  }
  return { report, files };
}

/** What custom analyses log goes to standard error, as in a run. */
const sayLog: Listener = (event) => {
  if (event.type === "log") say(process.stderr, `${event.level}: ${event.text}`);
};

/** A full disk or a read-only folder in the words that every command has for them. */
function wordedWrite(error: unknown): never {
  if (!(error instanceof ReportWriteError)) throw error;
  const worded = storeErrorOf(error.cause, error.path);
  if (worded instanceof UserError) throw worded;
  throw new UserError(error.message, { hint: "Nothing was written. Give another folder with --output-dir." });
}

function conclude({ report, files }: Written, run: RunManifest, options: OptionValues): number {
  const checks = checksOf(report.analysis);
  const gates = checks.filter(({ finding }) => finding.kind === "gate");
  const open = checks.filter(({ verdict }) => verdict !== "passed");
  if (flag(options, "json")) {
    process.stdout.write(
      `${JSON.stringify({ run: run.id, files, gates: gatesJson(checks), faults: report.faults }, null, 2)}\n`,
    );
  } else {
    for (const line of wordsOf(report)) tell(options, line);
    for (const path of files) say(process.stdout, `wrote ${relative(process.cwd(), path)}`);
  }
  for (const { experiment, kind, about, message } of report.faults)
    say(
      process.stderr,
      `labwright has a bug: ${experiment}: the ${kind === "chart" ? "chart of" : "finding"} "${about}" could not be made (${message}); the rest of the report stands`,
    );
  const made = report.faults.length > 0 ? exitCode.bug : exitCode.done;
  if (!flag(options, "check")) return made;
  if (gates.length === 0)
    process.stderr.write(
      "warning: no gate is declared; write expect(metric).toBeAbove(...) among the analyses\n",
    );
  for (const { experiment, finding } of open)
    say(process.stderr, `${experiment}: ${finding.sentences.join(" ")}`);
  const openGates = open.filter(({ finding }) => finding.kind === "gate").length;
  if (openGates > 0)
    say(
      process.stderr,
      `${openGates} of ${gates.length} ${gates.length === 1 ? "gate" : "gates"} not passed`,
    );
  const unanswered = open.length - openGates;
  if (unanswered > 0)
    say(process.stderr, `${unanswered} ${unanswered === 1 ? "analysis has" : "analyses have"} no answer`);
  return open.length > 0 ? exitCode.gate : made;
}

/** What the page says at its top: the answers, then what to know before one believes them. */
function wordsOf({ analysis: { experiments } }: Report): readonly string[] {
  const isNamed = experiments.length > 1;
  return experiments.flatMap(({ name, findings, notes }) => [
    ...(isNamed ? [`${name}:`] : []),
    ...[...findings.flatMap(({ sentences }) => sentences), ...notes.map((note) => `note: ${note}`)].map(
      (line) => (isNamed ? `  ${line}` : line),
    ),
  ]);
}

function gatesJson(checks: readonly CheckedFinding[]) {
  return checks.flatMap(({ experiment, finding }) => {
    if (finding.kind !== "gate") return [];
    const { title, metric, expectation, verdict, estimate, interval, sentences } = finding;
    return [{ experiment, name: title, metric, expectation, verdict, estimate, interval, sentences }];
  });
}

function tell(options: OptionValues, line: string): void {
  // A level may hold escape codes, which a terminal would act on.
  if (!flag(options, "quiet") && !flag(options, "json")) say(process.stdout, visibleText(line));
}

function formatsOf(list: string): readonly ReportFormat[] {
  return list.split(",").map((each) => {
    const name = each.trim();
    return chosen({ noun: "format of a report", words: reportFormats }, name);
  });
}
