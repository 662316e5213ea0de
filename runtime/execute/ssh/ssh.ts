// The engine of a few machines that one account reaches by ssh: a channel to each carries the protocol of a local host. Nothing has to listen
// there, and no disk is shared.
import { type ChildProcess, spawn } from "node:child_process";
import { type Checked, failed, ok } from "../../doctor/check.ts";
import type { Engine, EngineProblem, LabelNeed } from "../engine/engine.ts";
import { type HostCheck, readHostCheck, unlikeHere } from "../engine/host-check.ts";
import { labelChecks } from "../engine/label-checks.ts";
import { unknownOptions } from "../engine/unknown-options.ts";
import type { Labels } from "../protocol/labels.ts";
import { mark } from "./after-mark.ts";
import { missingRemedy, missingWords, remoteCommand, unreachable } from "./remote-command.ts";
import { sshExecutor } from "./ssh-executor.ts";
import { readHost, type SshHost, type SshHostOptions } from "./ssh-host.ts";

export interface SshOptions {
  /** Each once: `"machine"`, `"user@machine:8"` with its threads, or `{ host, threads, folder, lab }`. */
  readonly hosts: readonly (string | SshHostOptions)[];
  /** Of the command `ssh`, such as `["-F", "cluster.conf"]`; the configuration of your account counts anyway. */
  readonly options?: readonly string[];
}

/** How `ssh` is started: no terminal, no question, and a dead line is noticed. */
const usual = ["-T", "-o", "BatchMode=yes", "-o", "ServerAliveInterval=5", "-o", "ServerAliveCountMax=3"];
const checkMs = 20_000;
const wordsMax = 2000;

/**
 * Trials run on other machines that `ssh` reaches without a question. Each needs Node of this major version and this version of labwright; code
 * and parameters are sent over the connection, records, artifacts and checkpoints come back over it.
 *
 * @example
 * import { defineConfig, ssh } from "labwright/config";
 * export default defineConfig({ engine: ssh({ hosts: ["big-box:32", { host: "me@other", folder: "/home/me/study" }] }) });
 */
export function ssh(given: SshOptions): Engine {
  const { hosts: named, options = [] } = given;
  // As a file that nobody has checked the types of may have it.
  const hosts = Array.isArray(named) ? (named as SshOptions["hosts"]) : [];
  const read = hosts.map(readHost);
  const machines = read.map(({ host }) => host);
  const cores = new Map<string, number>();
  const connect: Connect = (host, args) =>
    spawn("ssh", [...usual, ...options, "--", host.host, remoteCommand(host, args)], {
      stdio: ["pipe", "pipe", "pipe"],
    });
  return {
    kind: "labwright/engine",
    name: "ssh",
    hasLabels: true,
    problems: [
      ...unknownOptions(given, ["hosts", "options"]),
      ...read.flatMap(({ problems }) => problems),
      ...(Array.isArray(named) ? listProblems(machines) : [noList(named)]),
    ],
    check: (_, needs) => checkedAll({ machines, connect, options, cores }, needs),
    threads: async ({ threads }) =>
      machines.reduce<number | null>((sum, { host, threads: own }) => {
        const there = own ?? threads ?? cores.get(host) ?? null;
        return sum === null || there === null ? null : sum + there;
      }, 0),
    executor: ({ threads }) =>
      sshExecutor(
        machines.map((host) => ({ ...host, threads: host.threads ?? threads })),
        connect,
      ),
    with: (others) => ssh({ ...given, ...others }),
  };
}

function noList(hosts: unknown): EngineProblem {
  return { found: `hosts ${JSON.stringify(hosts)}`, expected: 'a list such as ["big-box:8", "user@other"]' };
}

function listProblems(hosts: readonly SshHost[]): readonly EngineProblem[] {
  if (hosts.length === 0) return [{ found: "no host", expected: "at least one, such as big-box:8" }];
  const names = hosts.map(({ host }) => host);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined
    ? []
    : [{ found: `host ${twice} twice`, expected: "each once, with all its threads" }];
}

type Connect = (host: SshHost, args: readonly string[]) => ChildProcess;

interface Reached {
  readonly machines: readonly SshHost[];
  readonly connect: Connect;
  /** Of `ssh`. */
  readonly options: readonly string[];
  /** By machine: what it has said when it was looked at. */
  readonly cores: Map<string, number>;
}

/** Every machine; and, once all of them are ready, whether one has what each experiment needs. */
async function checkedAll(of: Reached, needs: readonly LabelNeed[]): Promise<readonly Checked[]> {
  const { machines } = of;
  const looked = await Promise.all(machines.map((host) => checked(host, of)));
  const found = looked.map(({ check }) => check);
  if (found.some(({ status }) => status === "failed")) return found;
  const placed = labelChecks(needs, {
    machines: looked.map(({ labels }) => labels),
    mayCome: false,
    remedyOf: (labels) =>
      `Say which has: ssh({ hosts: [{ host: "${machines[0]?.host}", labels: ${JSON.stringify(labels)} }] }) in lab.config.ts.`,
  });
  return [...found, ...placed];
}

interface Looked {
  readonly check: Checked;
  readonly labels: Labels;
}

async function checked(host: SshHost, { connect, options, cores }: Reached): Promise<Looked> {
  const check = `ssh ${host.host}`;
  const wrong = (found: string, remedy: string): Looked => ({
    check: failed(check, found, remedy),
    labels: {},
  });
  const { code, printed, words } = await endOf(connect(host, ["--check"]));
  const remedy = missingRemedy(code, host, options);
  const lacking = missingWords(code, host);
  if (lacking !== null)
    return wrong(code === unreachable && words !== "" ? `${lacking}: ${words}` : lacking, remedy);
  const there = code === 0 ? readHostCheck(printed.slice(printed.lastIndexOf(mark) + mark.length)) : null;
  if (there === null)
    return wrong(`lab host ended with exit code ${code}${words === "" ? "" : `: ${words}`}`, remedy);
  cores.set(host.host, there.threads);
  return { check: sameVersions(check, there, host), labels: { ...there.labels, ...host.labels } };
}

function sameVersions(check: string, there: HostCheck, { host, threads }: SshHost): Checked {
  const unlike = unlikeHere(there);
  return unlike === null
    ? ok(check, `labwright ${there.labwright}, Node ${there.node}, ${threads ?? there.threads} threads`)
    : failed(check, `has ${unlike.has}, here it is ${unlike.here}`, `Install ${unlike.needed} on ${host}.`);
}

/** What a process printed and how it ended; it is given a while. */
function endOf(child: ChildProcess): Promise<{
  readonly code: number | null;
  readonly printed: string;
  readonly words: string;
}> {
  return new Promise((resolve) => {
    let printed = "";
    let words = "";
    const timer = setTimeout(() => child.kill("SIGKILL"), checkMs);
    child.stdin?.on("error", () => undefined).end();
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      printed = (printed + text).slice(-wordsMax);
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      words = (words + text).slice(-wordsMax);
    });
    child.once("error", (error) => {
      clearTimeout(timer);
      resolve({ code: unreachable, printed, words: error.message });
    });
    child.once("close", (code) => {
      clearTimeout(timer);
      const said = code === null ? `no answer within ${checkMs / 1000} s` : words.trim();
      resolve({ code: code ?? unreachable, printed, words: said.split("\n").at(-1) ?? "" });
    });
  });
}
