// The result of a command that writes where it is told to: said on standard output, unless that is the place.
import { existsSync, statSync } from "node:fs";
import { say } from "../terminal/say.ts";

export function sayWritten(path: string, words: string): void {
  const isStream = existsSync(path) && !statSync(path).isFile() && !statSync(path).isDirectory();
  say(isStream ? process.stderr : process.stdout, words);
}
