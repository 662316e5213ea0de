// The files that one unit leaves behind, on their way to the controller: in chunks, few of them under way at once, so that no message
// is large and neither the host nor the controller ever holds a whole file.
import { createHash } from "node:crypto";
import type { ArtifactContent } from "../../../../lib/experiment/trial-context.ts";
import type { ArtifactRef } from "../../../record/trial-record.ts";
import type { FromUnits } from "../../protocol/protocol.ts";
import { messageOf } from "./unit-failure.ts";
import type { UnitLink } from "./unit-link.ts";

/** Bytes of an artifact at most: 1 GB. */
const artifactBytesMax = 2 ** 30;
/** Bytes of all artifacts of a trial at most: 4 GB. */
const trialBytesMax = 2 ** 32;
/** Bytes of a message at most. */
export const chunkBytes = 2 ** 20;
/** Messages of a unit that are not answered yet, at most. */
export const chunksUnderWayMax = 4;

interface Entry {
  readonly name: string;
  /** Null while the end of the content is not known. */
  ref: ArtifactRef | null;
  /** Resolves once the artifact is kept or has failed. */
  sent: Promise<void>;
  state: "under way" | "kept" | "failed";
}

export interface UnitArtifactsOptions {
  readonly link: UnitLink;
  readonly lease: number;
  readonly unit: number;
  /** Whether the unit has its outcome already. */
  readonly isOver: () => boolean;
  /** The unit fails: an artifact could not be left. Gives the error. */
  readonly fail: (words: string) => Error;
}

export class UnitArtifacts {
  readonly #options: UnitArtifactsOptions;
  readonly #entries: Entry[] = [];
  readonly #waiting: (() => void)[] = [];
  #bytes = 0;
  #underWay = 0;

  constructor(options: UnitArtifactsOptions) {
    this.#options = options;
  }

  /** Those that are kept whole, in the order of the calls. */
  get kept(): readonly ArtifactRef[] {
    return this.#refs((entry) => entry.state === "kept");
  }

  /** Those whose content is known, though they may be under way still. */
  get named(): readonly ArtifactRef[] {
    return this.#refs((entry) => entry.state !== "failed");
  }

  /** Whether any is under way. */
  get isSending(): boolean {
    return this.#entries.some(({ state }) => state === "under way");
  }

  /** Resolves once none is under way. */
  async settled(): Promise<void> {
    while (this.isSending) await Promise.all(this.#entries.map(({ sent }) => sent));
  }

  /** Resolves once those that `named` gives are kept, or have failed. */
  async namedKept(): Promise<void> {
    await Promise.all(this.#entries.filter(({ ref }) => ref !== null).map(({ sent }) => sent));
  }

  /** Takes up what a checkpoint names. */
  restore(refs: readonly ArtifactRef[]): void {
    this.#entries.length = 0;
    this.#bytes = 0;
    for (const ref of refs) {
      this.#entries.push({ name: ref.name, ref, sent: Promise.resolve(), state: "kept" });
      this.#bytes += ref.bytes;
    }
  }

  /**
   * Leaves an artifact; resolves once it is kept. Bytes are copied at once. Throws Error for a name used before and TypeError for what is no
   * content; rejects, and fails the unit, when the content is too much or cannot be read.
   */
  leave(name: string, content: ArtifactContent): Promise<void> {
    if (this.#entries.some((each) => each.name === name))
      throw new Error(`the artifact \`${name}\` was left twice; use another name for the second`);
    const whole = bytesOf(content);
    if (whole === null && !isIterable(content))
      throw new TypeError(
        `the artifact \`${name}\` is ${typeof content}; expected text, a Uint8Array, or an iterable of these`,
      );
    if (whole !== null) this.#admitWhole(name, whole.length);
    const ref = whole === null ? null : { name, hash: sha256(whole), bytes: whole.length };
    const entry: Entry = { name, ref, sent: Promise.resolve(), state: "under way" };
    this.#entries.push(entry);
    // Neither text nor bytes, so an iterable, as was checked above.
    const parts = whole === null ? (content as Iterable<unknown>) : [whole.slice()];
    const left = this.#send(entry, parts).then(
      () => {
        entry.state = "kept";
      },
      (error: unknown) => {
        entry.state = "failed";
        throw this.#options.fail(messageOf(error));
      },
    );
    // Whoever does not wait for it is told by the outcome of the unit.
    entry.sent = left.catch(() => undefined);
    return left;
  }

  async #send(entry: Entry, parts: Iterable<unknown> | AsyncIterable<unknown>): Promise<void> {
    const { name, ref } = entry;
    const hash = ref === null ? createHash("sha256") : null;
    let chunk = new Uint8Array(Math.min(chunkBytes, ref?.bytes ?? chunkBytes));
    let filled = 0;
    let total = 0;
    const answers: Promise<string | null>[] = [];
    for await (const part of parts) {
      const bytes = bytesOf(part);
      if (bytes === null)
        throw new Error(`the artifact \`${name}\`: a part is ${typeof part}; expected text or a Uint8Array`);
      total += bytes.length;
      if (ref === null) this.#admit(name, bytes.length, total);
      hash?.update(bytes);
      for (let at = 0; at < bytes.length; ) {
        if (filled === chunk.length) {
          await this.#room();
          answers.push(this.#ask({ name, bytes: chunk, whole: null }));
          chunk = new Uint8Array(Math.min(chunkBytes, ref === null ? chunkBytes : ref.bytes - at));
          filled = 0;
        }
        const taken = Math.min(chunk.length - filled, bytes.length - at);
        chunk.set(bytes.subarray(at, at + taken), filled);
        filled += taken;
        at += taken;
      }
    }
    entry.ref ??= { name, hash: hash?.digest("hex") ?? "", bytes: total };
    const { hash: digest, bytes } = entry.ref;
    await this.#room();
    answers.push(this.#ask({ name, bytes: chunk.slice(0, filled), whole: { hash: digest, bytes } }));
    for (const error of await Promise.all(answers))
      if (error !== null) throw new Error(`the artifact \`${name}\` could not be kept: ${error}`);
  }

  /** Resolves once another message may be sent. */
  async #room(): Promise<void> {
    while (this.#underWay >= chunksUnderWayMax)
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    if (this.#options.isOver()) throw new Error("the trial is over");
  }

  async #ask(
    chunk: Pick<Extract<FromUnits, { type: "artifact" }>, "name" | "bytes" | "whole">,
  ): Promise<string | null> {
    const { link, lease, unit } = this.#options;
    this.#underWay += 1;
    const reply = await link.ask({ type: "artifact", lease, unit, ...chunk });
    this.#underWay -= 1;
    this.#waiting.shift()?.();
    return reply.type === "artifact-taken" ? reply.error : "it got the wrong answer";
  }

  #admitWhole(name: string, bytes: number): void {
    try {
      this.#admit(name, bytes, bytes);
    } catch (error) {
      throw this.#options.fail(messageOf(error));
    }
  }

  /** Counts bytes of an artifact that has `total` with them. Throws for too many. */
  #admit(name: string, bytes: number, total: number): void {
    if (total > artifactBytesMax)
      throw new Error(
        `the artifact \`${name}\` has more than ${artifactBytesMax} bytes (1 GB); leave it in parts`,
      );
    this.#bytes += bytes;
    if (this.#bytes > trialBytesMax)
      throw new Error(
        `with the artifact \`${name}\` the trial leaves more than ${trialBytesMax} bytes (4 GB)`,
      );
  }

  #refs(is: (entry: Entry) => boolean): readonly ArtifactRef[] {
    return this.#entries.flatMap((entry) => (entry.ref !== null && is(entry) ? [entry.ref] : []));
  }
}

/** Null for what is neither text nor bytes. */
function bytesOf(content: unknown): Uint8Array | null {
  if (typeof content === "string") return new TextEncoder().encode(content);
  return content instanceof Uint8Array ? content : null;
}

function isIterable(content: unknown): boolean {
  return (
    typeof content === "object" &&
    content !== null &&
    (Symbol.asyncIterator in content || Symbol.iterator in content)
  );
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
