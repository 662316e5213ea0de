// What every executor promises of its hosts: code comes by content or not at all, hosts may be unlike and come and go, nothing of an
// earlier controller counts, and a lease that cannot be run condemns one unit and ends no run.
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { memoryStore } from "../../testing/memory-store.ts";
import type { Executor, Host, HostDoor, HostSupply } from "../protocol/executor.ts";
import type { FromHost, LeaseMessage, ToHost } from "../protocol/protocol.ts";
import { type ContractRun, type ContractRunOptions, contractBundle, runContract } from "./contract-run.ts";
import { bytesOf, mapMessages, throughDoor } from "./watched-executor.ts";

interface HostsContractOptions {
  readonly executorOf: () => Executor;
}

/** Registers the tests with uvu; the caller runs them. */
export function hostsContract(name: string, { executorOf }: HostsContractOptions): void {
  const run = (more: Partial<ContractRunOptions>): Promise<ContractRun> =>
    runContract({ executor: executorOf(), experiments: ["slow"], ...more });
  const promise = (what: string, check: () => Promise<void>): void => test(`${name}: ${what}`, check);
  codePromises({ promise, run, executorOf });
  arrivalPromises({ promise, run, executorOf });
  lethalLeasePromises({ promise, run, executorOf });

  promise("what hosts of an earlier controller still send is refused", async () => {
    const late: FromHost[] = [];
    let stop = (): void => undefined;
    const answering = (got: number) => ({ ask: async () => ({ response: got }) });
    const first = await run({
      executor: mapMessages(executorOf(), (message) => {
        if (message.type !== "records") return [message];
        late.push({ ...message, batch: message.batch.slice() });
        stop();
        return [];
      }),
      experiments: ["asking"],
      performers: answering(1),
      during: (running) => {
        stop = () => running.stop("test");
      },
    });
    assert.ok(late.length > 0);
    assert.is(first.summary.done, 0);
    const { trials, events, summary } = await run({
      session: "contract/2",
      // Late records come while the same units are leased again, under the same numbers.
      executor: mapMessages(executorOf(), (message) =>
        message.type === "effect-request" ? [...late, message] : [message],
      ),
      experiments: ["asking"],
      performers: answering(2),
    });
    assert.is(summary.status, "complete");
    // Half of the trials multiply what they get by ten.
    const got = new Set(trials("asking").map(({ result }) => result.metrics.got));
    assert.equal(got, new Set([2, 20]));
    assert.ok(
      events.some(
        (event) => event.type === "notice" && /records of contract\/1 came too late/.test(event.text),
      ),
    );
  });
}

interface Tools extends HostsContractOptions {
  readonly promise: (what: string, check: () => Promise<void>) => void;
  readonly run: (more: Partial<ContractRunOptions>) => Promise<ContractRun>;
}

function codePromises({ promise, run, executorOf }: Tools): void {
  promise("code that cannot be had ends the run in words and is no outcome of a trial", async () => {
    const { summary, store } = await run({ folder: "/nowhere/c0ffee000001" });
    assert.is(summary.status, "aborted");
    assert.match(
      summary.reason ?? "",
      /^the code of slow cannot be loaded: .* is missing or cannot be read$/,
    );
    assert.is(store.batches.length, 0);
  });

  promise("code that was changed after it was built is not run", async () => {
    const { folder, bundle } = await contractBundle();
    const changed = join(mkdtempSync(join(tmpdir(), "labwright-changed-")), "c0ffee000001");
    cpSync(folder, changed, { recursive: true });
    writeFileSync(join(changed, bundle), `${readFileSync(join(changed, bundle), "utf8")}\n// changed`);
    for (const executor of [executorOf(), elsewhere(executorOf())]) {
      const { summary, store } = await run({ executor, folder: changed });
      assert.is(summary.status, "aborted");
      assert.match(summary.reason ?? "", /bundle.mjs of build c0ffee000001 was changed after it was built/);
      assert.is(store.batches.length, 0);
    }
  });

  promise("code that is not what the plan was made of is refused by the host", async () => {
    const executor = mapToHosts(elsewhere(executorOf()), (message) =>
      message.type === "file" ? [{ ...message, bytes: Buffer.from("export const slow = 1;") }] : [message],
    );
    const { summary, store } = await run({ executor });
    assert.match(
      summary.reason ?? "",
      /the code of slow cannot be loaded: .* has another content than the plan was made of/,
    );
    assert.is(store.batches.length, 0);
  });

  promise("a host asks once for code that it does not have, and never for what it has", async () => {
    for (const [executor, asked] of [
      [elsewhere(executorOf()), 1],
      [executorOf(), 0],
    ] as const) {
      let files = 0;
      const { summary } = await run({
        executor: mapMessages(executor, (message) => {
          if (message.type === "need-file") files += 1;
          return [message];
        }),
        experiments: ["slow", "plain"],
      });
      assert.is(summary.status, "complete");
      assert.is(files, asked);
    }
  });
}

function arrivalPromises({ promise, run, executorOf }: Tools): void {
  promise(
    "hosts of one and of four threads, one that comes late and one that leaves change no result",
    async () => {
      const undisturbed = await run({ threads: 1 });
      const arrivals = arriving(executorOf);
      let records = 0;
      const executor = mapMessages(arrivals.executor, (message) => {
        if (message.type === "records") records += 1;
        if (records === 1) arrivals.bring(4);
        if (records === 4) arrivals.dismiss(0);
        return [message];
      });
      const { trials, events, summary } = await run({
        executor,
        during: () => arrivals.bring(1),
      });
      assert.is(summary.status, "complete");
      assert.equal(bytesOf(trials("slow")), bytesOf(undisturbed.trials("slow")));
      const ready = events.filter((event) => event.type === "host-ready");
      assert.equal(
        ready.map(({ threads }) => threads),
        [1, 4],
      );
      assert.ok(ready.every(({ labels }) => labels.node === process.version));
      const workers = new Set(trials("slow").map(({ telemetry }) => telemetry.worker.split("/")[0]));
      assert.equal([...workers].sort(), ["host-0", "host-1"]);
    },
  );

  promise("a run without any host waits for one", async () => {
    const arrivals = arriving(executorOf);
    let isOver = false;
    const { summary } = await run({
      executor: arrivals.executor,
      during: (running) => {
        void running.finished.then(() => {
          isOver = true;
        });
        setImmediate(() => {
          assert.not(isOver);
          arrivals.bring(2);
        });
      },
    });
    assert.is(summary.done, 100);
  });

  promise("a host that hands back every lease untouched is given up, and so is the run", async () => {
    const executor = executorOf();
    const { summary } = await run({
      executor: mapMessages(
        { ...executor, patience: { ...executor.patience, fruitlessMax: 2 } },
        (message) =>
          message.type === "records"
            ? []
            : [message.type === "lease-ended" ? { ...message, busyMs: 0 } : message],
      ),
    });
    assert.is(summary.status, "aborted");
    assert.match(
      summary.reason ?? "",
      /2 hosts in a row died without finishing a trial; the last one handed back 100 leases untouched/,
    );
  });
}

const lethalUnit = 7;
const holdsLethal = ({ units }: LeaseMessage): boolean =>
  units.some(([first, count]) => lethalUnit >= first && lethalUnit < first + count);

function lethalLeasePromises({ promise, run, executorOf }: Tools): void {
  const causes: readonly (readonly [
    what: string,
    words: RegExp,
    (host: Host, lease: LeaseMessage) => void,
  ])[] = [
    [
      "that cannot be sent",
      /^could not be handed to a host: too large$/,
      () => {
        throw new RangeError("too large");
      },
    ],
    [
      "that cannot be begun",
      /^could not begin: condition \d+ is not in its lease$/,
      (host, lease) => host.send({ ...lease, conditions: [{ index: 999, parameters: {} }] }),
    ],
    ["that kills its host before it starts", /^took its host down: it was killed/, (host) => host.kill()],
  ];
  for (const [what, words, send] of causes) {
    promise(`of a lease ${what} one unit is condemned, and the others are run`, async () => {
      const store = memoryStore();
      const executor = throughDoor(executorOf(), (door) => ({
        ...door,
        onHost: (host) =>
          door.onHost({
            name: host.name,
            kill: () => host.kill(),
            send: (message) =>
              message.type === "lease" && holdsLethal(message) ? send(host, message) : host.send(message),
          }),
      }));
      const { summary, trials } = await run({ executor, store });
      assert.is(summary.remaining, 0);
      const failed = trials("slow").filter(({ result }) => result.outcome.kind !== "measured");
      assert.equal(
        failed.map(({ unit }) => unit),
        [lethalUnit],
      );
      const { outcome } = failed[0]!.result;
      assert.match(outcome.kind === "failed" ? `${outcome.message}` : "", words);
    });
  }
}

/** The same executor, its hosts on a disk of their own. */
function elsewhere(executor: Executor): Executor {
  const code = mkdtempSync(join(tmpdir(), "labwright-elsewhere-"));
  return { ...executor, open: (demand, door) => executor.open({ ...demand, code }, door) };
}

/** The same executor, what is sent to its hosts replaced on its way. */
function mapToHosts(executor: Executor, replace: (message: ToHost) => readonly ToHost[]): Executor {
  return throughDoor(executor, (door) => ({
    ...door,
    onHost: (host) =>
      door.onHost({
        name: host.name,
        kill: () => host.kill(),
        send: (message) => {
          for (const each of replace(message)) host.send(each);
        },
      }),
  }));
}

/** An executor without hosts of its own: they come and go as they are told, named "host-0", "host-1", ... */
function arriving(executorOf: HostsContractOptions["executorOf"]): {
  readonly executor: Executor;
  bring(threads: number): void;
  /** Lets a host finish and leave; no other takes its place. */
  dismiss(index: number): void;
} {
  const brought: { readonly supply: HostSupply; host: Host | null }[] = [];
  let open: HostDoor | null = null;
  let code = "";
  let session = "";
  const closeAll = (): void => {
    for (const { supply } of brought) supply.close();
  };
  return {
    executor: {
      ...executorOf(),
      open(demand, door) {
        open = door;
        code = demand.code;
        session = demand.session;
        return { close: closeAll };
      },
    },
    bring(threads) {
      const door = open;
      if (door === null || brought.length === 2) return;
      const index = brought.length;
      const entry: { readonly supply: HostSupply; host: Host | null } = {
        host: null,
        supply: executorOf().open(
          { hosts: 1, threads, memoryMb: null, code, session, labels: [[]] },
          {
            onMissing: (reason) => door.onMissing(reason),
            onHost(host) {
              entry.host = host;
              return door.onHost({
                name: `host-${index}`,
                send: (message) => host.send(message),
                kill: () => host.kill(),
              });
            },
          },
        ),
      };
      brought.push(entry);
    },
    dismiss(index) {
      const entry = brought[index];
      entry?.supply.close();
      entry?.host?.send({ type: "drain" });
    },
  };
}
