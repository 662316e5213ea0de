// Hosts as child processes of this one: native code may crash and the kernel may kill, and the controller survives. A duplex
// pipe on file descriptor 3 carries the protocol; what native code prints comes as notices.
import type { Executor, HostDoor, Patience } from "../protocol/executor.ts";
import { type Labels, machineLabels } from "../protocol/labels.ts";
import { channelOf, endWords, spawnHost } from "./host-process.ts";
import type { HostOptions } from "./host-session.ts";
import { PipedHost } from "./piped-host.ts";

/** Of hosts on this machine. */
export const localPatience: Patience = {
  heartbeatMs: 1000,
  silentMs: 20_000,
  startingMs: 120_000,
  fruitlessMax: 8,
};

/** Runs trials on worker threads of child processes on this machine. */
export function localExecutor(labels: Labels = {}): Executor {
  // Over all that it opens: no two hosts of a run have one name.
  let started = 0;
  return {
    name: "local",
    patience: localPatience,
    labels: machineLabels(labels),
    open({ hosts, threads, memoryMb, code }, door) {
      const host: HostOptions = { threads, memoryMb, labels, code };
      let isOpen = true;
      const start = (): void => {
        if (!isOpen) return;
        started += 1;
        startHost({ name: `local-${started}`, host, door }, start);
      };
      setImmediate(() => {
        for (let i = 0; i < hosts; i++) start();
      });
      return {
        close() {
          isOpen = false;
        },
      };
    },
  };
}

interface NewHost {
  readonly name: string;
  readonly host: HostOptions;
  readonly door: HostDoor;
}

/** Starts a process and brings it through the door; `onGone` is called once it has ended, or could not be started. */
function startHost({ name, host, door }: NewHost, onGone: () => void): void {
  const exitOf = endWords();
  const child = spawnHost(host);
  child.once("error", (error) => {
    door.onMissing(`could not be started: ${error.message}`);
    onGone();
  });
  child.once("spawn", () => {
    const pipe = channelOf(child);
    const channel = { readable: pipe, writable: pipe };
    const local = new PipedHost({
      name,
      child,
      channel,
      printed: [child.stdout, child.stderr],
      exitOf,
      onGone,
    });
    local.listener = door.onHost(local);
  });
}
