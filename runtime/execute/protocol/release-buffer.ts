// Gives the memory of a buffer back at once. V8 frees buffers only when it collects garbage, and a thread that forwards megabytes a
// second but makes few objects collects too seldom: a host would hold on to 64 MB of batches it has long sent.
import { MessageChannel } from "node:worker_threads";

const { port1: nowhere, port2 } = new MessageChannel();
port2.close();

/** Detaches the buffer and frees its memory: what is posted to a closed port is dropped. Nothing may read the buffer afterwards. */
export function releaseBuffer(buffer: ArrayBufferLike): void {
  if (buffer instanceof ArrayBuffer) nowhere.postMessage(null, [buffer]);
}
