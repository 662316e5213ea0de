// A file that a command was asked to write: there as a whole or not at all, so that a full disk leaves what stood there before. What is no
// plain file (a pipe, /dev/stdout) is written as it comes.
import { randomUUID } from "node:crypto";
import { createWriteStream, existsSync, realpathSync, statSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { UserError } from "../../diagnostic/user-error.ts";
import { worded } from "../../store/files/store-error.ts";

/** Answers with what `write` does. Throws UserError where there is no folder for it, StoreError where the disk refuses. */
export async function writeWhole<T>(path: string, write: (output: Writable) => Promise<T>): Promise<T> {
  assertPlace(path);
  // A link stays one.
  const place = existsSync(path) ? realpathSync(path) : path;
  const isPlain = !existsSync(path) || statSync(path).isFile();
  const target = isPlain ? `${place}.${randomUUID().slice(0, 8)}.draft` : place;
  return worded(path, async () => {
    try {
      const answer = await streamed(target, write);
      if (isPlain) await rename(target, place);
      return answer;
    } catch (error) {
      if (isPlain) await rm(target, { force: true });
      throw error;
    }
  });
}

/** Throws UserError where a file cannot stand for want of a folder, or for one in its place. */
export function assertPlace(path: string): void {
  const folder = dirname(path);
  if (!existsSync(folder))
    throw new UserError(`there is no folder ${folder}`, { hint: "Make it, or correct the path after -o." });
  if (existsSync(path) && statSync(path).isDirectory())
    throw new UserError(`${path} is a folder`, { hint: `Name a file in it: -o ${path}/FILE` });
}

async function streamed<T>(path: string, write: (output: Writable) => Promise<T>): Promise<T> {
  const file = createWriteStream(path);
  // Whoever writes next hears of it; what went wrong first is what is told.
  file.on("error", () => undefined);
  try {
    const answer = await write(file);
    file.end();
    await finished(file);
    return answer;
  } catch (error) {
    file.destroy();
    throw file.errored ?? error;
  }
}
