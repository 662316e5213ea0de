// `lab notify`: who is told of runs, and with `--test` a message to each of them.
import { hostname } from "node:os";
import { basename } from "node:path";
import { nearestOrAll } from "../../diagnostic/nearest.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import type { Notification } from "../../notify/notification.ts";
import type { Notifier } from "../../notify/notifier.ts";
import { outboxOf } from "../../notify/outbox.ts";
import { redactorOf } from "../../record/redact.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { loadedConfig } from "../loaded-config.ts";
import { flag, projectRoot } from "../options.ts";
import { say } from "../terminal/say.ts";

/** A test is answered within this, or counts as not delivered. */
const testMs = 30_000;

interface Told {
  readonly notifier: string;
  readonly on: readonly string[];
  /** Environment variables that it needs and does not find. */
  readonly missing: readonly string[];
  /** Null when nothing was sent; "sent", or why it was not. */
  readonly test: string | null;
}

export const handle: CommandHandler = async (names, options) => {
  const root = projectRoot(options);
  const { notify } = await loadedConfig(root);
  if (notify.length === 0)
    throw new UserError("nobody is told of the runs of this project", {
      hint: 'Declare notifiers in lab.config.ts: import { discord } from "labwright/notify", then defineConfig({ notify: [discord()] }).',
    });
  const chosen = chosenOf(notify, names);
  const isTest = flag(options, "test");
  const told: Told[] = [];
  for (const notifier of chosen) {
    const { name, on, variables } = notifier;
    const missing = variables.filter((each) => (process.env[each] ?? "") === "");
    told.push({ notifier: name, on, missing, test: isTest ? await tested(notifier, basename(root)) : null });
  }
  if (flag(options, "json")) process.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
  else {
    const width = Math.max(...told.map(({ notifier }) => notifier.length));
    for (const each of told) say(process.stdout, lineOf(each, width));
  }
  const isWell = told.every(({ test, missing }) => (test === null ? missing.length === 0 : test === "sent"));
  return isWell ? exitCode.done : exitCode.invalid;
};

function chosenOf(notifiers: readonly Notifier[], names: readonly string[]): readonly Notifier[] {
  const known = [...new Set(notifiers.map(({ name }) => name))];
  for (const name of names)
    if (!known.includes(name))
      throw new UserError(`lab.config.ts declares no notifier "${name}"`, {
        hint: nearestOrAll(name, known, "notifier") ?? undefined,
      });
  return names.length === 0 ? notifiers : notifiers.filter(({ name }) => names.includes(name));
}

async function tested(notifier: Notifier, project: string): Promise<string> {
  let problem: string | null = null;
  const outbox = outboxOf({
    notifier,
    environment: process.env,
    onProblem: (words) => {
      problem = redactorOf(process.env)(words.slice(words.indexOf("delivered: ") + "delivered: ".length));
    },
  });
  outbox.put(testMessage(project));
  await outbox.close(testMs);
  return problem ?? "sent";
}

function testMessage(project: string): Notification {
  return {
    occasion: "finish",
    level: "info",
    title: `${project}: a test of notifications`,
    lines: ["`lab notify --test` sent this; no run has ended."],
    run: { id: "test", experiments: [], project, machine: hostname() },
    status: "complete",
    trials: { done: 0, total: 0, unmeasured: 0, failed: 0 },
    durationMs: 0,
    metrics: [],
    findings: [],
    failures: [],
    links: [],
    chart: null,
  };
}

/** Whole lines, wrapped in a terminal: what is wrong is not cut off. */
function lineOf({ notifier, on, missing, test }: Told, width: number): string {
  const said = test ?? (missing.length > 0 ? `not set: ${missing.join(", ")}` : "ready");
  return `${notifier.padEnd(width)}  on ${on.join(", ")}: ${said}`;
}
