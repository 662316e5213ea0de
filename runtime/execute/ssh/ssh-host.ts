// A machine that is reached by ssh, as an author writes it: `user@machine:8`, or its parts.
import type { EngineProblem } from "../engine/engine.ts";
import { unknownOptions } from "../engine/unknown-options.ts";
import { type Labels, labelsIn } from "../protocol/labels.ts";

export interface SshHostOptions {
  /** As `ssh` takes it: a name of your ssh configuration, `machine`, `user@machine`. */
  readonly host: string;
  /** Worker threads; as many as `-j` says, or as the machine has cores, unless told. */
  readonly threads?: number;
  /** Absolute path of a project there that has labwright and the packages with native code that trials use in its node_modules. */
  readonly folder?: string;
  /** What the machine has that experiments may need (`needs: { labels: ["gpu"] }`): `"gpu"`, `"site=north"`. */
  readonly labels?: readonly string[];
  /** Absolute path of the command `lab` there; the folder's, or that of PATH, unless told. */
  readonly lab?: string;
}

/** A machine with every gap filled in. */
export interface SshHost {
  readonly host: string;
  readonly threads: number | null;
  readonly folder: string | null;
  readonly lab: string | null;
  readonly labels: Labels;
}

/** A name may not begin with a dash, which ssh would take for an option. */
const hostPattern = /^(?:\w[\w.-]*@)?(?:\w[\w.-]*|\[[\da-fA-F:.]+\])$/;
const expectedHost = "a machine such as big-box, user@big-box or user@big-box:8";

/** Reads `machine`, `user@machine:8` or `[::1]:8`, or an object of these parts. */
export function readHost(given: string | SshHostOptions): {
  readonly host: SshHost;
  readonly problems: readonly EngineProblem[];
} {
  const written = typeof given === "string" ? partsOf(given) : given;
  const { host, threads = null, folder = null, lab = null, labels = [] } = written;
  const read = Array.isArray(labels) ? labelsIn(labels.map(String)) : null;
  const problems = [...unknownOptions(written, ["host", "threads", "folder", "labels", "lab"])];
  if (typeof host !== "string" || !hostPattern.test(host))
    problems.push({
      found: `host ${JSON.stringify(typeof given === "string" ? given : host)}`,
      expected: expectedHost,
    });
  if (threads !== null && !(Number.isSafeInteger(threads) && threads >= 1 && threads <= 4096))
    problems.push({ found: `${threads} threads of ${host}`, expected: "a whole number from 1 to 4096" });
  for (const [name, path] of [
    ["folder", folder],
    ["lab", lab],
  ] as const)
    if (path !== null && !(typeof path === "string" && path.startsWith("/")))
      problems.push({
        found: `${name} ${JSON.stringify(path)} of ${host}`,
        expected: "an absolute path on that machine",
      });
  if (read === null)
    problems.push({
      found: `labels ${JSON.stringify(labels)} of ${host}`,
      expected: 'labels such as ["gpu", "site=north"]',
    });
  return { host: { host, threads, folder, lab, labels: read ?? {} }, problems };
}

function partsOf(text: string): SshHostOptions {
  const [, host = text, threads] = /^(.+?|.*\])(?::(\d+))?$/.exec(text.trim()) ?? [];
  return threads === undefined ? { host } : { host, threads: Number(threads) };
}
