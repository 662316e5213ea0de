// The notifiers of a project's `lab.config.ts`, joined to one run of `lab run`. Nothing that goes wrong here reaches the run.
import { hostname } from "node:os";
import { basename } from "node:path";
import type { Listener } from "../../event/event.ts";
import { noFindings, notificationDesk, type RunFindings } from "../../notify/desk.ts";
import type { Notifier } from "../../notify/notifier.ts";
import { redactorOf } from "../../record/redact.ts";
import { openStore } from "../../store/project-store.ts";
import type { RunManifest } from "../../store/store.ts";
import { plainText } from "./plain-text.ts";
import { say } from "./say.ts";

export interface RunNotifier {
  readonly listener: Listener;
  /** Tells how the run ended; null when it ended without a manifest. Waits a bounded time for messages under way. */
  close(run: RunManifest | null): Promise<void>;
}

export function runNotifierOf(notifiers: readonly Notifier[], root: string): RunNotifier {
  if (notifiers.length === 0) return { listener() {}, async close() {} };
  const redact = redactorOf(process.env);
  const desk = notificationDesk({
    notifiers,
    project: basename(root),
    machine: hostname(),
    environment: process.env,
    now: Date.now,
    redact,
    onProblem: (words) => say(process.stderr, `warning: ${plainText(redact(words))}`),
  });
  return {
    listener: desk.listener,
    async close(run) {
      const findings = run !== null && desk.wantsEnd() ? await findingsOf(root, run) : noFindings;
      await desk.close(findings);
    },
  };
}

async function findingsOf(root: string, run: RunManifest): Promise<RunFindings> {
  try {
    const { runFindingsOf } = await import("./run-findings.ts");
    return await runFindingsOf(openStore(root), run);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    say(
      process.stderr,
      `warning: the message about the end of the run goes without findings: ${plainText(words)}`,
    );
    return noFindings;
  }
}
