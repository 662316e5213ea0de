// Reads files of the store that may not be what the store wrote: a folder, a pipe or a link in a file's place is told in words and
// never waited for.
import { closeSync, constants, existsSync, fstatSync, openSync, readdirSync, readFileSync } from "node:fs";
import { errorCodeOf, StoreError, storeErrorOf } from "./store-error.ts";

/** Opens a plain file for reading. Throws StoreError ("damaged") for anything else in its place; the caller closes it. */
export function openStored(path: string): number {
  let file: number;
  try {
    // Without waiting: a named pipe would be waited for until somebody writes to it.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw wrongKindOf(error, path);
  }
  if (fstatSync(file).isFile()) return file;
  const isFolder = fstatSync(file).isDirectory();
  closeSync(file);
  throw wrongKind(path, isFolder ? "a folder" : "no plain file");
}

/** The bytes of a plain file. Throws as openStored does. */
export function readStored(path: string): Buffer {
  const file = openStored(path);
  try {
    return readFileSync(file);
  } catch (error) {
    throw wrongKindOf(error, path);
  } finally {
    closeSync(file);
  }
}

/** Names in a folder of the store; none when it is not there. Throws StoreError when something else is in its place. */
export function namesStored(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  try {
    return readdirSync(folder);
  } catch (error) {
    throw wrongKindOf(error, folder);
  }
}

/** What a person is told of the JSON at `path`, or its content. */
export function parseStored(path: string): { readonly value: unknown } | { readonly fault: string } {
  try {
    return { value: JSON.parse(readStored(path).toString("utf8")) };
  } catch (error) {
    if (error instanceof StoreError) return { fault: error.message };
    if (errorCodeOf(error) === "ENOENT") return { fault: `${path} is missing.` };
    return {
      fault: `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
    };
  }
}

function wrongKindOf(error: unknown, path: string): unknown {
  switch (errorCodeOf(error)) {
    case "EISDIR":
      return wrongKind(path, "a folder");
    case "ELOOP":
      return wrongKind(path, "a link to itself");
    case "ENOTDIR":
      return new StoreError("not-a-store", `${path} is not there: a file is in the place of a folder.`);
    case "ENXIO":
      return wrongKind(path, "no plain file");
    default:
      return storeErrorOf(error, path);
  }
}

function wrongKind(path: string, what: string): StoreError {
  return new StoreError(
    "damaged",
    `${path} is ${what}, where labwright keeps a file of its own.`,
    "Put the file back from a copy, or move what is there out of the way.",
  );
}
