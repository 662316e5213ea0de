// `lab run`: what is not done yet, durably; the same command resumes. `-n` only says what would run; `--trial` runs one.
import { availableParallelism } from "node:os";
import { nearestOrAll } from "../../diagnostic/nearest.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import { runOneTrial } from "../../run/again/one-trial.ts";
import type { RunBudget } from "../../run/budget.ts";
import { estimateOf } from "../../run/estimate.ts";
import { askedPorts } from "../../run/payment.ts";
import { acceptStale, freshCount, perform, type RunReport } from "../../run/perform.ts";
import { runPortsOf } from "../../run/ports.ts";
import { type Prepared, prepare } from "../../run/prepare.ts";
import { checkedPriorities } from "../../run/priorities.ts";
import { type RunOptions, runOptionsOf } from "../../run/run-options.ts";
import { readPrices } from "../../services/prices.ts";
import type { RunManifest } from "../../store/store.ts";
import { askedFor } from "../asked.ts";
import { type AskedEngine, askedEngine } from "../asked-engine.ts";
import type { CommandHandler, OptionValues } from "../command.ts";
import { startDetached, tellParent } from "../detached.ts";
import { exitCode } from "../exit-code.ts";
import { loadedConfig } from "../loaded-config.ts";
import { flag, number, projectRoot, text } from "../options.ts";
import type { SeriesWriter } from "../series/series-writer.ts";
import { askToLeave } from "../terminal/ask-to-leave.ts";
import { confirmed } from "../terminal/confirm.ts";
import { passesGate } from "../terminal/environment-gate.ts";
import { estimateWords, roomWords } from "../terminal/estimate-words.ts";
import { listenerFor } from "../terminal/listeners.ts";
import { plainText } from "../terminal/plain-text.ts";
import { assertEngineReady, assertReady } from "../terminal/preflight.ts";
import { runNotifierOf } from "../terminal/run-notifier.ts";
import { runTrackingOf } from "../terminal/run-tracking.ts";
import { runUploadOf } from "../terminal/run-upload.ts";
import { say } from "../terminal/say.ts";
import { showDiagnostics } from "../terminal/show-diagnostics.ts";
import { showOneTrial } from "../terminal/show-one-trial.ts";
import { showPlan, stoppingWords } from "../terminal/show-plan.ts";
import { signalsOf } from "../terminal/signals.ts";
import { countWords, durationWords, plural, unmeasuredWords } from "../terminal/words.ts";
import { typedCommand } from "../typed-command.ts";
import { replayRun } from "./replay-run.ts";

/** More new trials than this are confirmed first. */
const confirmAbove = 1_000_000;
/** What takes less is not foretold. */
const worthSayingMs = 1000;

export const handle: CommandHandler = async (experiments, options) => {
  const root = projectRoot(options);
  if (options.replay !== undefined) return replayRun(root, experiments, options);
  if (flag(options, "detach")) return startDetached(root, { json: flag(options, "json") });
  const parent = tellParent(root);
  const { performers, notify, tracking, engine: configured, store: remote } = await loadedConfig(root);
  const engine = askedEngine(options, configured);
  const ports = runPortsOf({ performers, executor: engine.executor() });
  const asked = await askedFor(root, { experiments, options, effectKinds: Object.keys(performers) });
  const again = {
    force: flag(options, "force"),
    retryErrors: flag(options, "retryErrors") || flag(options, "resume"),
    retryMax: number(options, "retry"),
    runCancelled: flag(options, "cancelled"),
  };
  const request = { ...asked, ...again, steering: ports.steering };
  const trial = text(options, "trial");
  if (trial !== null) {
    return showOneTrial(await runOneTrial({ ...request, ports, trial, inline: flag(options, "inline") }), {
      json: flag(options, "json"),
    });
  }
  if (flag(options, "inline"))
    throw new UserError("--inline runs one trial in this process", { hint: "Give it with --trial <id>." });

  let prepared = await prepare(request);
  await assertNamed(options, prepared);
  const [json, quiet] = [flag(options, "json"), flag(options, "quiet")];
  if (prepared.warnings.length > 0 && !quiet && !json) showDiagnostics(root, prepared.warnings);
  if (flag(options, "accept")) prepared = await accepted(prepared, request, options);
  const prices = readPrices(root);
  // As option-values.ts has parsed it.
  const budget = (options.budget ?? {}) as RunBudget;
  const portsAsked = askedPorts(prepared, { declared: performers, prices });
  if (flag(options, "dryRun")) {
    const workers = await engine.threads(freshCount(prepared.surveys));
    await showPlan(prepared, { json, asked: portsAsked, workers });
    return exitCode.done;
  }
  await assertWanted(options, prepared);
  await assertEngineReady(engine, prepared);
  await assertReady(prepared, { asked: portsAsked, budget, yes: flag(options, "yes"), quiet });
  if (options.gate !== false && !(await passesGate(prepared, { quiet }))) return exitCode.gate;
  if (!quiet && !json) await sayExpected(prepared, engine);
  const signals = signalsOf(askToLeave(ports.executor));
  const shown = listenerFor({ json, quiet }, Date.now);
  const told = [runNotifierOf(notify, root), runTrackingOf(tracking, root), runUploadOf(remote, root)];
  const series = await seriesOf(options, prepared);
  let ended: RunManifest | null = null;
  try {
    const report = await perform(
      prepared,
      runOptionsOf({
        ports,
        ...typedLimits(options),
        priorities: checkedPriorities(prepared.opened, typedPriorities(options)),
        budget,
        prices,
        listener: (event) => {
          shown(event);
          for (const each of told) each.listener(event);
          series?.listener(event);
          parent?.(event);
        },
        tellsRows: json && flag(options, "rows"),
        ...(series !== null && { attach: series.attach }),
        drain: signals.drain,
        stop: signals.stop,
        command: typedCommand(),
      }),
    );
    ended = report.run;
    if (signals.wasLeft() && report.remaining > 0) return await startDetached(root, { json });
    sayEnd(report, prepared, quiet);
    return codeOf(report, signals.wasInterrupted());
  } finally {
    const folder = (await series?.close(ended)) ?? null;
    if (folder !== null && !quiet) say(process.stderr, `the series is in ${folder}`);
    for (const each of told) await each.close(ended);
    signals.release();
  }
};

function typedLimits(options: OptionValues): Partial<RunOptions> {
  return {
    threads: number(options, "jobs") ?? availableParallelism(),
    name: text(options, "name"),
    resume: flag(options, "resume"),
    failFast: flag(options, "failFast"),
    failOnError: number(options, "failOnError"),
    timeoutMs: number(options, "timeout"),
    memoryMb: number(options, "memory"),
    maxMs: number(options, "maxHours"),
    analysisTimeoutMs: number(options, "analysisTimeout"),
  };
}

/** Asks before a great many trials. */
async function assertWanted(options: OptionValues, { surveys }: Prepared): Promise<void> {
  const fresh = freshCount(surveys);
  if (fresh <= confirmAbove || flag(options, "yes")) return;
  if (await confirmed(`Run ${plural(fresh, "new trial")}?`)) return;
  throw new UserError("nothing was run", { hint: "Give --yes to run without being asked." });
}

/** Keeps the folder of the series where one is asked for. */
async function seriesOf(options: OptionValues, { store }: Prepared): Promise<SeriesWriter | null> {
  const folder = text(options, "folder");
  if (folder === null) return null;
  const { seriesWriterOf } = await import("../series/series-writer.ts");
  const onProblem = (words: string): void => say(process.stderr, `warning: ${plainText(words)}`);
  return seriesWriterOf({ store, folder, resume: flag(options, "resume"), onProblem });
}

/** Throws UserError where --resume names a run that there is not. */
async function assertNamed(options: OptionValues, { store }: Prepared): Promise<void> {
  const name = text(options, "name");
  if (!flag(options, "resume") || name === null) return;
  const names = (await store.runs()).flatMap((run) => run.name ?? []);
  if (names.includes(name)) return;
  throw new UserError(`--resume: no run is called "${name}"`, {
    hint: nearestOrAll(name, names, "name") ?? "Leave --resume out to begin it.",
  });
}

/** What the run will take, by the trials that are recorded; nothing where it is a matter of a moment. */
async function sayExpected(prepared: Prepared, engine: AskedEngine): Promise<void> {
  const threads = await engine.threads(freshCount(prepared.surveys));
  const expected = await estimateOf(prepared, threads);
  if (expected === null) return;
  const room = roomWords(prepared.store.root, expected);
  if (room !== null) say(process.stderr, `warning: ${room}: ${estimateWords(expected, threads)}`);
  else if (expected.highMs >= worthSayingMs)
    say(process.stderr, `expected: ${estimateWords(expected, threads)}`);
}

async function accepted(
  prepared: Prepared,
  request: Parameters<typeof prepare>[0],
  options: OptionValues,
): Promise<Prepared> {
  const stale = prepared.surveys.filter(({ stale: earlier }) => earlier.length > 0);
  if (stale.length === 0) return prepared;
  const names = [
    ...new Set(stale.map(({ job }) => `${job.experiment}${job.stage === "trial" ? "" : ` · ${job.stage}`}`)),
  ];
  const sure =
    flag(options, "yes") ||
    (await confirmed(
      `Count the earlier results of ${names.join(", ")} as current, although the code has changed?`,
    ));
  if (!sure)
    throw new UserError("nothing was accepted", { hint: "Give --yes to accept without being asked." });
  await acceptStale(prepared, `lab run --accept by ${process.env.USER ?? "unknown"}`);
  return prepare(request);
}

function sayEnd(report: RunReport, prepared: Prepared, quiet: boolean): void {
  if (!quiet) for (const line of stoppingWords(prepared)) say(process.stderr, line);
  const { run, status, done, reused, unmeasured, failed, remaining, durationMs, reason } = report;
  const counts = [
    `${countWords(done)} run`,
    `${countWords(reused)} reused`,
    ...(unmeasured > 0 ? [unmeasuredWords(unmeasured, failed)] : []),
    ...(remaining > 0 ? [`${countWords(remaining)} left`] : []),
  ];
  const ending = status === "complete" ? "complete" : `stopped${reason === null ? "" : `: ${reason}`}`;
  const took = done === 0 && remaining === 0 ? "nothing was left to run" : durationWords(durationMs);
  if (!quiet || remaining > 0) say(process.stderr, `${run.id} ${ending}: ${counts.join(", ")}; ${took}`);
  if (remaining > 0)
    say(process.stderr, `everything recorded is kept; ${onceWords(report)}go on with: ${typedCommand()}`);
  else if (unmeasured > 0 && !quiet) {
    const retry = failed > 0 ? "lab run --retry-errors (the failed ones again), " : "";
    say(process.stderr, `next: lab status (which, and why), ${retry}or lab report`);
  } else if (!quiet) say(process.stderr, "next: lab report");
}

/** What has to be there before the same command helps. */
function onceWords({ status, reason }: RunReport): string {
  if (status !== "budget" || reason?.endsWith("(--max-hours)") === true) return "";
  return reason?.endsWith("the budget of the run") === true
    ? "with more in --budget "
    : "once there is more ";
}

function codeOf(report: RunReport, interrupted: boolean): number {
  if (report.status === "budget") return exitCode.budget;
  if (report.status === "aborted") return exitCode.invalid;
  if (interrupted && report.remaining > 0) return exitCode.interrupted;
  if (report.unmeasured > 0) return exitCode.unmeasured;
  return report.remaining > 0 ? exitCode.interrupted : exitCode.done;
}

/** By experiment. */
function typedPriorities(options: OptionValues): Record<string, number> {
  return Object.fromEntries((options.priority ?? []) as readonly (readonly [string, number])[]); // As priorityOf has parsed them.
}
