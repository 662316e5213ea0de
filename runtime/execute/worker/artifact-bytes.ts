// A file that a unit leaves behind, as it is sent: a copy of what the author handed over, named by its content.
import { createHash } from "node:crypto";
import type { ArtifactRef } from "../../record/trial-record.ts";

/** An artifact at most. It travels in one message, and a host that sends a larger one gives no sign of life meanwhile. */
export const artifactBytesMax = 2 ** 28;

/** @throws RangeError for more than 256 MB, TypeError for what is neither text nor bytes. */
export function artifactOf(
  name: string,
  content: Uint8Array | string,
): { readonly ref: ArtifactRef; readonly bytes: Uint8Array } {
  if (typeof content !== "string" && !(content instanceof Uint8Array))
    throw new TypeError(`the artifact \`${name}\` is ${typeof content}; expected text or a Uint8Array`);
  const size = typeof content === "string" ? Buffer.byteLength(content) : content.byteLength;
  if (size > artifactBytesMax)
    throw new RangeError(
      `the artifact \`${name}\` has ${size} bytes; expected at most ${artifactBytesMax} (256 MB): leave it in parts`,
    );
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content);
  const hash = createHash("sha256").update(bytes).digest("hex");
  return { ref: { name, hash, bytes: bytes.length }, bytes };
}
