// An executor with a hand on its hosts and their messages, and results as text: what the contract's tests look through.
import { resultBytesOf } from "../../record/result-bytes.ts";
import type { TrialRecord } from "../../record/trial-record.ts";
import type { Executor, Host, HostDoor } from "../protocol/executor.ts";
import type { FromHost } from "../protocol/protocol.ts";

/** Canonical bytes of results as text, in unit order. */
export function bytesOf(records: readonly TrialRecord[]): readonly string[] {
  return records.map((record) => `${record.unit} ${Buffer.from(resultBytesOf(record)).toString("utf8")}`);
}

/** The same executor, with a hand on the hosts that it brought. */
export function watch(executor: Executor): { readonly executor: Executor; killAll(): void } {
  const hosts: Host[] = [];
  return {
    executor: throughDoor(executor, (door) => ({
      ...door,
      onHost(host) {
        hosts.push(host);
        return door.onHost(host);
      },
    })),
    killAll() {
      for (const host of hosts.splice(0)) host.kill();
    },
  };
}

/** The same executor, its hosts' messages replaced on their way. */
export function mapMessages(
  executor: Executor,
  replace: (message: FromHost) => readonly FromHost[],
): Executor {
  return throughDoor(executor, (door) => ({
    ...door,
    onHost(host) {
      const listener = door.onHost(host);
      return {
        onMessage(message) {
          for (const each of replace(message)) listener.onMessage(each);
        },
        onExit: (exit) => listener.onExit(exit),
      };
    },
  }));
}

/** The same executor, its hosts brought through another door. */
export function throughDoor(executor: Executor, doorOf: (door: HostDoor) => HostDoor): Executor {
  return { ...executor, open: (demand, door) => executor.open(demand, doorOf(door)) };
}
