// Opens a file with the platform's own opener, and does not wait for it.
import { spawn } from "node:child_process";

const openers: Readonly<Record<string, readonly [command: string, ...args: string[]]>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};

/** Resolves with null once the opener has taken the file, or with what went wrong in words. */
export function openPage(path: string): Promise<string | null> {
  const [command, ...args] = openers[process.platform] ?? ["xdg-open"];
  return new Promise((resolve) => {
    const child = spawn(command, [...args, path], { stdio: "ignore", detached: true });
    child.once("error", (error) => resolve(`${command} cannot be started: ${error.message}`));
    child.once("spawn", () => {
      child.unref();
      resolve(null);
    });
  });
}
