// Attacks the environments of a project: bundles their files, runs the attack in a process of its own (an author's round may never end),
// keeps what was found, and remembers which code has passed.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { bundle } from "../compile/check/bundle.ts";
import { environmentFiles } from "../compile/discover/discover.ts";
import { environmentCode } from "../compile/discover/environment-uses.ts";
import type { Diagnostic, Result } from "../diagnostic/diagnostic.ts";
import type { AttackResult } from "./attack.ts";
import { keepCounterexample, keepPass, knownScenarios } from "./attack-store.ts";
import type { AttackMessage, AttackRequest } from "./messages.ts";
import type { Scenario } from "./scenario.ts";

export interface ProjectAttack {
  readonly root: string;
  /** Files to attack, relative to the project; all environment files unless told. */
  readonly files?: readonly string[] | undefined;
  /** Environments by name; all of the files unless told. */
  readonly names: readonly string[];
  readonly runs: number;
  readonly timeMs: number;
  readonly seed: number;
  readonly conditions: readonly Readonly<Record<string, unknown>>[] | null;
  /** Plays this scenario of an environment, and nothing else. */
  readonly replay?: { readonly environment: string; readonly scenario: Scenario };
}

/** An environment after the attack. */
export interface Attacked {
  readonly file: string;
  readonly result: AttackResult;
  /** Where the counterexample is kept, relative to the project; null where there is none or it was replayed. */
  readonly kept: string | null;
}

export interface ProjectAttacked {
  readonly attacked: readonly Attacked[];
  /** Files whose code could not be loaded, and why. */
  readonly broken: readonly { readonly file: string; readonly text: string }[];
  /** All environments that were found, attacked or not. */
  readonly names: readonly string[];
  /** Environments of which no condition of the experiment is one of their parameters. */
  readonly unfitting: readonly string[];
}

/** How much longer than the attack and its shrinking may take a process may be silent before its round is said never to end. */
const graceMs = 8_000;

/** Attacks, or says what cannot be bundled. */
export async function attackProject(
  request: ProjectAttack,
): Promise<Result<ProjectAttacked, readonly Diagnostic[]>> {
  const { root } = request;
  const files = request.files ?? environmentFiles(root);
  const folder = path.join(root, ".lab", "attacks", `.staging-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    const bundled = await bundle({
      root,
      files,
      folder,
      program: { name: "attack-program", module: "runtime/attack/attack-program" },
    });
    if (!bundled.ok) return bundled;
    const bundles = files.map((file) => ({ file, bundle: bundled.value.fileOf.get(file) ?? "" }));
    const heard = await heardFrom({
      folder,
      bundles,
      names: request.names,
      runs: request.runs,
      timeMs: request.timeMs,
      seed: request.seed,
      conditions: request.conditions,
      isReplay: request.replay !== undefined,
      known:
        request.replay === undefined
          ? knownScenarios(root)
          : { [request.replay.environment]: [request.replay.scenario] },
      current: path.join(folder, "current.json"),
    });
    const codeOf = (file: string) => environmentCode(root, bundled.value.inputs, file);
    return { ok: true, value: concluded(request, heard, codeOf) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Heard {
  readonly attacked: readonly {
    readonly file: string;
    readonly result: AttackResult;
    readonly fits: boolean;
  }[];
  readonly broken: readonly { readonly file: string; readonly text: string }[];
  readonly names: readonly string[];
}

/** Runs the attacking process; after a round that never ends or a crash another process goes on with the rest. */
async function heardFrom(request: AttackRequest): Promise<Heard> {
  const attacked: Heard["attacked"][number][] = [];
  const broken: Heard["broken"][number][] = [];
  const names = new Set<string>();
  let remaining = request.bundles;
  while (remaining.length > 0) {
    const finished = new Set<string>();
    let now: Extract<AttackMessage, { readonly type: "attacking" }> | null = null;
    const end = await runAttack({ ...request, bundles: remaining }, (message) => {
      if (message.type === "attacking") now = message;
      else if (message.type === "attacked") attacked.push(message);
      else if (message.type === "found") for (const name of message.names) names.add(name);
      else if (message.type === "failed") broken.push(message);
      if (message.type === "failed") finished.add(message.file);
    });
    if (end === "done") break;
    // The last message says where it was; the compiler does not see that the listener has set it.
    const at = now as Extract<AttackMessage, { readonly type: "attacking" }> | null;
    if (at === null) {
      broken.push({ file: remaining[0]!.file, text: end });
      finished.add(remaining[0]!.file);
    } else {
      attacked.push({ file: at.file, fits: true, result: endless(at.name, currentOf(request), end) });
      finished.add(at.file);
    }
    const last = remaining.findIndex(({ file }) => finished.has(file));
    remaining = remaining.slice(Math.max(last, 0) + 1);
  }
  return { attacked, broken, names: [...names] };
}

/** "done", or how it ended instead. */
function runAttack(request: AttackRequest, onMessage: (message: AttackMessage) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const program = path.join(request.folder, "bundles/attack-program.mjs");
    const child = spawn(process.execPath, [program], { stdio: ["ignore", 2, 2, "ipc"], detached: true });
    let isDone = false;
    let isHung = false;
    const silenceMs = 2 * request.timeMs + graceMs;
    const guard = () =>
      setTimeout(() => {
        isHung = true;
        child.kill("SIGKILL");
      }, silenceMs);
    let timer = guard();
    child.on("error", reject);
    // The channel carries what attack-program.ts sends, and nothing else.
    child.on("message", (message: AttackMessage) => {
      clearTimeout(timer);
      timer = guard();
      isDone ||= message.type === "done";
      onMessage(message);
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (isDone) resolve("done");
      else if (isHung) resolve(`it was still running after ${silenceMs / 1000} s`);
      else resolve(signal === null ? `it ended the process with code ${code}` : `it was ended by ${signal}`);
    });
    child.send(request);
  });
}

function currentOf({ current }: AttackRequest): Scenario | null {
  try {
    return JSON.parse(readFileSync(current, "utf8")) as Scenario; // Written by attack-program.ts.
  } catch {
    return null;
  }
}

function endless(environment: string, scenario: Scenario | null, how: string): AttackResult {
  const rule = "conformance: an episode comes back";
  const played = scenario ?? { parameters: {}, seed: 0, choices: [] };
  return {
    environment,
    runs: 1,
    coverage: null,
    counterexample: {
      scenario: played,
      violation: { rule, found: how, round: 0, actions: [], before: null, after: null },
      shrinks: 0,
    },
  };
}

/** Keeps counterexamples and passes. */
function concluded(request: ProjectAttack, heard: Heard, codeOf: (file: string) => string): ProjectAttacked {
  const { root, seed } = request;
  const attacked = heard.attacked
    .filter(({ fits }) => fits)
    .map(({ file, result }): Attacked => {
      const { environment, counterexample } = result;
      if (request.replay !== undefined) return { file, result, kept: null };
      if (counterexample === null) {
        if (request.conditions === null)
          keepPass(root, { environment, code: codeOf(file), runs: result.runs, seed });
        return { file, result, kept: null };
      }
      const { scenario, violation } = counterexample;
      const format = "labwright.counterexample/1";
      const kept = keepCounterexample(root, { format, environment, file, rule: violation.rule, scenario });
      return { file, result, kept };
    });
  return {
    attacked,
    broken: heard.broken,
    names: heard.names,
    unfitting: heard.attacked.flatMap(({ fits, result }) => (fits ? [] : [result.environment])),
  };
}
