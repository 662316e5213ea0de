// Hosts behind ssh: one process `ssh` each, started again when its line or its host is lost, after a pause that grows while a machine cannot be
// reached.
import type { ChildProcess } from "node:child_process";
import { PipedHost, type ProcessEnd } from "../host/piped-host.ts";
import { relayedExit } from "../host/relay.ts";
import type { Executor, HostDemand, HostDoor, HostExit, Patience } from "../protocol/executor.ts";
import { labelTexts } from "../protocol/labels.ts";
import { AfterMark } from "./after-mark.ts";
import { missingWords } from "./remote-command.ts";
import type { SshHost } from "./ssh-host.ts";

type Connect = (host: SshHost, options: readonly string[]) => ChildProcess;

/** A machine may be away for a while; with a pause of half a minute at most between tries, these are about ten minutes. */
const sshPatience: Patience = { heartbeatMs: 1000, silentMs: 20_000, startingMs: 120_000, fruitlessMax: 24 };
const pauseMs = { first: 500, most: 30_000 } as const;
const wordsMax = 4000;

export function sshExecutor(machines: readonly SshHost[], connect: Connect): Executor {
  // Over all that it opens: no two hosts of a run have one name.
  const started = new Map<string, number>();
  return {
    name: "ssh",
    isElsewhere: true,
    moreBy: "name other machines or more threads (--hosts big-box:16) and begin it again",
    patience: sshPatience,
    open(demand, door) {
      const lines = new Set<NodeJS.Timeout>();
      let isOpen = true;
      const start = (machine: SshHost, fruitless: number): void => {
        if (!isOpen) return;
        const count = (started.get(machine.host) ?? 0) + 1;
        started.set(machine.host, count);
        startHost({ name: `${machine.host}-${count}`, machine, demand, door, connect }, (wasReached) => {
          const pause = wasReached ? 0 : Math.min(pauseMs.most, pauseMs.first * 2 ** fruitless);
          const timer = setTimeout(() => {
            lines.delete(timer);
            start(machine, wasReached ? 0 : fruitless + 1);
          }, pause);
          lines.add(timer);
        });
      };
      setImmediate(() => {
        for (const machine of machines) start(machine, 0);
      });
      return {
        close() {
          isOpen = false;
          for (const timer of lines) clearTimeout(timer);
        },
      };
    },
  };
}

interface NewHost {
  readonly name: string;
  readonly machine: SshHost;
  readonly demand: HostDemand;
  readonly door: HostDoor;
  readonly connect: Connect;
}

/** Starts `ssh` and brings its host through the door; `onGone` is told whether there was a host at the other end. */
function startHost(of: NewHost, onGone: (wasReached: boolean) => void): void {
  const { name, machine, demand, door } = of;
  const { threads, labels } = machine;
  const has = labelTexts(labels);
  const child = of.connect(machine, [
    ...(threads === null ? [] : ["--threads", `${threads}`]),
    ...(has.length === 0 ? [] : ["--labels", has.join(",")]),
    ...(demand.memoryMb === null ? [] : ["--memory", `${demand.memoryMb}MB`]),
  ]);
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null) throw new Error("ssh was started without its streams");
  const after = new AfterMark();
  child.once("error", (error) => {
    door.onMissing(`could not be started: ${error.message}`);
    onGone(false);
  });
  child.once("spawn", () => {
    const words = new LastWords();
    const host = new PipedHost({
      name,
      child,
      channel: { readable: stdout, writable: stdin },
      ownOf: (bytes) => after.ownOf(bytes),
      printed: [stderr],
      onPrinted: (text) => words.add(text),
      exitOf: (end, isKilled) => words.exitOf(machine, end, isKilled),
      onGone: () => onGone(after.isSeen),
    });
    host.listener = door.onHost(host);
  });
}

/** What came over the line for people, kept for its end. */
class LastWords {
  #text = "";

  /** Answers with what of it is to be shown now. */
  add(text: string): string {
    this.#text = (this.#text + text).slice(-wordsMax);
    const told = relayedExit(text);
    return told === null ? text : text.slice(0, text.indexOf("\u001e"));
  }

  exitOf(machine: SshHost, { code, signal }: ProcessEnd, isKilled: boolean): HostExit {
    if (isKilled) return { reason: "was killed by SIGKILL" };
    const told = relayedExit(this.#text);
    if (told !== null) return told;
    const lacking = missingWords(code, machine);
    const last = this.#text.trim().split("\n").at(-1) ?? "";
    if (lacking !== null) return { reason: `${lacking}${last === "" ? "" : `: ${last}`}` };
    return {
      reason: signal === null ? `ended with exit code ${code}` : `was cut off: ssh was killed by ${signal}`,
    };
  }
}
