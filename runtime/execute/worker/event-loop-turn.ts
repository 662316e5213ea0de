// A pause in work that does not wait by itself, so that its thread hears messages, beats its heart and sees time-outs.

/** Kept here, since authors may replace the global one. */
const { setImmediate: soon } = globalThis;

/** Resolves once the event loop has turned. */
export function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => {
    soon(resolve);
  });
}
