// The code of jobs on the host's own disk, one folder a build: what is there is used once its hash is seen to fit, what is not is asked
// for. Nothing is run that is not byte for byte what the plan was made of.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";
import type { CodeFile, JobCode } from "../protocol/opening.ts";
import type { ToHost } from "../protocol/protocol.ts";

type FileMessage = Extract<ToHost, { type: "file" }>;
type FileAnswer = Pick<FileMessage, "bytes" | "error">;

/** Where the code is, and who has what is missing. */
export interface CodeCacheOptions {
  /** Absolute path. May be a project's own folder of builds, which then holds all there is. */
  readonly folder: string;
  /** Asks the controller for a file; the answer comes through `receive`. */
  readonly ask: (build: JobCode["build"], path: string) => void;
}

/** The machine cannot keep what it was sent. */
export class NotKept extends Error {
  constructor(folder: string, error: unknown) {
    const words = error instanceof Error ? error.message : String(error);
    super(`cannot keep the code of builds in ${folder}: ${words}`);
  }
}

export class CodeCache {
  readonly #options: CodeCacheOptions;
  /** By build and path: files that are there or on their way. */
  readonly #files = new Map<string, Promise<void>>();
  readonly #asked = new Map<string, (answer: FileAnswer) => void>();

  constructor(options: CodeCacheOptions) {
    this.#options = options;
  }

  /**
   * The absolute path of a job's bundle, once it and all that it imports are there. Rejects in words when they cannot be had, and with NotKept where it is
   * this machine that cannot keep them.
   */
  async fetched({ build, bundle, files }: JobCode): Promise<string> {
    await Promise.all(files.map((file) => this.#file(build, file)));
    return this.#place(build, bundle);
  }

  receive(message: FileMessage): void {
    const key = keyOf(message.build, message.path);
    this.#asked.get(key)?.(message);
    this.#asked.delete(key);
  }

  /** Whoever was asked is gone: what is missing still is asked for again with its next job. */
  forgetAsked(): void {
    for (const [key, answer] of this.#asked) {
      this.#files.delete(key);
      answer({ bytes: null, error: "whoever has it is gone" });
    }
    this.#asked.clear();
  }

  #file(build: JobCode["build"], file: CodeFile): Promise<void> {
    const key = keyOf(build, file.path);
    const known = this.#files.get(key) ?? this.#fetch(build, file);
    this.#files.set(key, known);
    return known;
  }

  async #fetch(build: JobCode["build"], file: CodeFile): Promise<void> {
    const place = this.#place(build, file.path);
    if (fits(contentAt(place), file)) return;
    const { bytes, error } = await new Promise<FileAnswer>((resolve) => {
      this.#asked.set(keyOf(build, file.path), resolve);
      this.#options.ask(build, file.path);
    });
    if (bytes === null) throw new Error(`${file.path} of build ${build} cannot be had: ${error}`);
    if (!fits(bytes, file))
      throw new Error(`${file.path} of build ${build} has another content than the plan was made of`);
    try {
      mkdirSync(dirname(place), { recursive: true });
      const beside = `${place}.${process.pid}.tmp`;
      writeFileSync(beside, bytes);
      renameSync(beside, place);
    } catch (error) {
      throw new NotKept(this.#options.folder, error);
    }
  }

  /** Throws for a name that leads out of the cache. */
  #place(build: string, path: string): string {
    const inside = normalize(join(build, path));
    if (!inside.startsWith(build + sep) || !/^\w+$/.test(build))
      throw new Error(`${path} is no path inside a build`);
    return join(this.#options.folder, inside);
  }
}

function keyOf(build: string, path: string): string {
  return `${build}/${path}`;
}

function contentAt(path: string): Uint8Array | null {
  try {
    return readFileSync(path);
  } catch {
    return null; // Not there: it is asked for.
  }
}

function fits(content: Uint8Array | null, { bytes, sha256 }: CodeFile): content is Uint8Array {
  return content?.length === bytes && createHash("sha256").update(content).digest("hex") === sha256;
}
