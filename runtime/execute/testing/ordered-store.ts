// A store in memory that takes its time and writes down what was asked of it: when each call began and when it had ended. For laws
// about order, which a store that answers at once would keep by chance.
import { readBatch } from "../../record/record-batch.ts";
import type { MemoryStore } from "../../testing/memory-store.ts";

/** What was asked of the store, in order; `subject` is an artifact's hash, a trial, or "". */
export interface StoreCall {
  readonly what: "put" | "append" | "sync" | "save" | "remove" | "intend" | "respond";
  readonly when: "begins" | "ends";
  readonly subject: string;
  /** Units of an appended batch. */
  readonly units: readonly number[];
  /** Whether the call names an artifact: its hash is in the state or the batch. */
  names(hash: string): boolean;
}

/** The same store, slow, and the calls that it has had. */
export function orderedStore(store: MemoryStore): {
  readonly store: MemoryStore;
  readonly calls: StoreCall[];
} {
  const calls: StoreCall[] = [];
  const note = (
    what: StoreCall["what"],
    when: StoreCall["when"],
    subject: string,
    more: { readonly bytes?: Uint8Array; readonly units?: readonly number[] } = {},
  ): void => {
    const text = more.bytes === undefined ? "" : Buffer.from(more.bytes).toString("latin1");
    calls.push({ what, when, subject, units: more.units ?? [], names: (hash) => text.includes(hash) });
  };
  /** Artifacts take longest: what does not wait for them overtakes them. */
  const turns = { put: 40, sync: 8, save: 3, remove: 1, intend: 5, respond: 5 } as const;
  const slowly = async <T>(
    what: keyof typeof turns,
    subject: string,
    bytes: Uint8Array | null,
    act: () => Promise<T>,
  ): Promise<T> => {
    note(what, "begins", subject, bytes === null ? {} : { bytes: bytes.slice() });
    for (let turn = 0; turn < turns[what]; turn++) await new Promise(setImmediate);
    const done = await act();
    note(what, "ends", subject);
    return done;
  };
  return {
    calls,
    store: {
      ...store,
      artifacts: {
        ...store.artifacts,
        async draft() {
          const draft = await store.artifacts.draft();
          return { ...draft, keep: (hash) => slowly("put", hash ?? "", null, () => draft.keep(hash)) };
        },
      },
      ledger: {
        ...store.ledger,
        append(batch) {
          note("append", "begins", "", { bytes: batch.slice(), units: [...readBatch(batch).unit] });
          store.ledger.append(batch);
        },
        sync: () => slowly("sync", "", null, () => store.ledger.sync()),
      },
      checkpoints: {
        load: (trial) => store.checkpoints.load(trial),
        save: (trial, state, of) =>
          slowly("save", trial, state, () => store.checkpoints.save(trial, state, of)),
        remove: (trial) => slowly("remove", trial, null, () => store.checkpoints.remove(trial)),
      },
      journal: {
        ...store.journal,
        lookup: (trial, key) => store.journal.lookup(trial, key),
        intend: (intent) => slowly("intend", intent.trial, null, () => store.journal.intend(intent)),
        respond: (effect) => slowly("respond", effect.trial, null, () => store.journal.respond(effect)),
      },
    },
  };
}
