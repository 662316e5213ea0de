// What is started on a machine that is reached by ssh: one line for its shell that finds Node and labwright, or ends with a code that says what is
// missing there.
import { labwrightVersion } from "../../version.ts";
import { mark } from "./after-mark.ts";
import type { SshHost } from "./ssh-host.ts";

/** Exit codes of the line, by what is missing; ssh itself ends with 255. */
export const missing = { node: 90, lab: 91, folder: 92 } as const;
export const unreachable = 255;

/** What the line runs there: `lab host` and its options. */
export function remoteCommand({ folder, lab }: SshHost, options: readonly string[]): string {
  const script = [
    ...(folder === null ? [] : [`cd ${quoted(folder)} 2>/dev/null || exit ${missing.folder}`]),
    `command -v node >/dev/null 2>&1 || exit ${missing.node}`,
    `lab=${quoted(lab ?? (folder === null ? "lab" : "node_modules/.bin/lab"))}`,
    `command -v "$lab" >/dev/null 2>&1 || exit ${missing.lab}`,
    `echo '${mark}'`,
    `exec "$lab" host ${[...options, ...(folder === null ? [] : ["--folder", folder])].map(quoted).join(" ")}`,
  ].join("; ");
  // The shell of an account may be one that does not know this language.
  return `exec sh -c ${quoted(script)}`;
}

/** The line's exit code in words that follow "it", and what to do about it; null for a code that it does not end with. */
export function missingWords(
  code: number | null,
  { host, folder, lab }: SshHost,
): { readonly found: string; readonly remedy: string } | null {
  const version = labwrightVersion();
  switch (code) {
    case missing.node:
      return {
        found: "has no node on its PATH",
        remedy: `Install Node ${process.versions.node.split(".")[0]} on ${host}; shells that are not interactive must find it too: ssh ${host} node --version.`,
      };
    case missing.lab:
      return {
        found: `has no labwright (${lab ?? (folder === null ? "no lab on its PATH" : `no ${folder}/node_modules/.bin/lab`)})`,
        remedy: `Install labwright ${version} on ${host}${folder === null ? " (npm install -g), or name a project there that has it: ssh({ hosts: [{ host, folder }] })" : ` in ${folder}`}.`,
      };
    case missing.folder:
      return { found: `has no folder ${folder}`, remedy: `Make it on ${host}, or correct its path.` };
    case unreachable:
      return {
        found: "cannot be reached",
        remedy: `Try ssh ${host} true: it must answer without asking for anything (a key, an agent and known_hosts of your own).`,
      };
    default:
      return null;
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
