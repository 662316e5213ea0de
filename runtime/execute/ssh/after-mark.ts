// Where a host's own bytes begin in what comes over ssh: shells of accounts greet even those who only send a command.

/** The line at a machine prints it last before it starts the host. */
export const mark = "labwright begins";
const line = Buffer.from(`${mark}\n`);
const nothing = Buffer.alloc(0);

export class AfterMark {
  #before: Buffer = nothing;
  #isSeen = false;

  /** Whether the host was started. */
  get isSeen(): boolean {
    return this.#isSeen;
  }

  /** The host's own part of the next bytes. */
  ownOf(bytes: Uint8Array): Uint8Array {
    if (this.#isSeen) return bytes;
    const joined = Buffer.concat([this.#before, bytes]);
    const at = joined.indexOf(line);
    this.#isSeen = at >= 0;
    this.#before = this.#isSeen ? nothing : joined.subarray(-line.length);
    return this.#isSeen ? joined.subarray(at + line.length) : nothing;
  }
}
