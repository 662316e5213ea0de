// What is started on a machine that is reached by ssh: one line for its shell that finds Node and labwright, or ends with a code that says what is
// missing there.
import { shellLine, shellQuoted, shellWord } from "../../diagnostic/shell-line.ts";
import { labwrightVersion } from "../../version.ts";
import { mark } from "./after-mark.ts";
import type { SshHost } from "./ssh-host.ts";

/** Exit codes of the line, by what is missing; ssh itself ends with 255. */
export const missing = { node: 90, lab: 91, folder: 92 } as const;
export const unreachable = 255;

/** What the line runs there: `lab host` and its options. */
export function remoteCommand({ folder, lab }: SshHost, options: readonly string[]): string {
  const script = [
    ...(folder === null ? [] : [`cd ${shellQuoted(folder)} 2>/dev/null || exit ${missing.folder}`]),
    `command -v node >/dev/null 2>&1 || exit ${missing.node}`,
    `lab=${shellQuoted(labOf({ folder, lab }))}`,
    `command -v "$lab" >/dev/null 2>&1 || exit ${missing.lab}`,
    `echo '${mark}'`,
    `exec "$lab" host ${[...options, ...(folder === null ? [] : ["--folder", folder])].map(shellQuoted).join(" ")}`,
  ].join("; ");
  // The shell of an account may be one that does not know this language.
  return `exec sh -c ${shellQuoted(script)}`;
}

/** The command there. */
function labOf({ folder, lab }: Pick<SshHost, "folder" | "lab">): string {
  return lab ?? (folder === null ? "lab" : "node_modules/.bin/lab");
}

/** What the line's exit code says is missing, in words that follow "it"; null for a code that it does not end with. */
export function missingWords(code: number | null, { folder, lab }: SshHost): string | null {
  switch (code) {
    case missing.node:
      return "has no node on its PATH";
    case missing.lab:
      return `has no labwright (${lab ?? (folder === null ? "no lab on its PATH" : `no ${folder}/node_modules/.bin/lab`)})`;
    case missing.folder:
      return `has no folder ${folder}`;
    case unreachable:
      return "cannot be reached";
    default:
      return null;
  }
}

/** What to do about a machine whose check has ended with this code. `options` are those that `ssh` is given for it. */
export function missingRemedy(code: number | null, machine: SshHost, options: readonly string[]): string {
  const { host, folder, lab } = machine;
  const version = labwrightVersion();
  const ssh = (command: string): string => shellLine(["ssh", ...options, host, command]);
  switch (code) {
    case missing.node:
      return `Install Node ${process.versions.node.split(".")[0]} on ${host}; shells that are not interactive must find it too: ${ssh("node --version")}`;
    case missing.lab:
      if (lab !== null) return `Install labwright ${version} on ${host}, or correct the path of lab.`;
      return folder === null
        ? `Install it there: ${ssh(`npm install -g labwright@${version}`)} or name a project there that has it: ssh({ hosts: [{ host, folder }] })`
        : `Install it there: ${ssh(`cd ${shellWord(folder)} && npm install labwright@${version}`)}`;
    case missing.folder:
      return `Make it on ${host}, or correct its path.`;
    case unreachable:
      return `It must answer without asking for anything (a key, an agent and known_hosts of your own): ${ssh("true")}`;
    default: {
      const there = [...(folder === null ? [] : [`cd ${shellWord(folder)} &&`]), shellWord(labOf(machine))];
      return `labwright ${version} must work there: ${ssh([...there, "host --check"].join(" "))}`;
    }
  }
}
