// The exchanges with the outside world that runs have kept, as the journal of trials that run again without being recorded: answers come from
// the journals on the disk, what is new goes to memory.

import { runLayoutOf, type StoreLayout } from "../../store/files/layout.ts";
import { openEffectJournal } from "../../store/kept/effect-journal.ts";
import { runIds } from "../../store/runs/manifest.ts";
import type { EffectJournal, KnownEffect, RunManifest } from "../../store/store.ts";

export interface KeptExchanges {
  /** Runs whose journals are read, oldest first; those of a later list only for what no earlier one has. */
  readonly runs: readonly (readonly string[])[];
  /** The id under which a trial's exchanges are kept: that of the code they were made with. */
  readonly idOf: (trial: string) => string;
  /** Nothing is sent for what is not kept. */
  readonly isOffline: boolean;
}

/** Those of all runs, each trial's under its own id. */
export function everyExchange(layout: StoreLayout): KeptExchanges {
  return { runs: [runIds(layout)], idOf: (trial) => trial, isOffline: false };
}

/** Those that the results of a run were made with, and nothing else: its own and those of earlier runs; of forced ones, which asked anew, only what is nowhere else. */
export function exchangesOf(
  of: { readonly layout: StoreLayout; readonly runs: readonly RunManifest[]; readonly run: RunManifest },
  idOf: KeptExchanges["idOf"],
): KeptExchanges {
  const { layout, run } = of;
  if (run.forced) return { runs: [[run.id]], idOf, isOffline: true };
  const ids = runIds(layout);
  const forced = new Set(of.runs.filter((each) => each.forced).map(({ id }) => id));
  const drawnOn = (run.sources ?? []).map(({ segment }) =>
    ids.findIndex((id) => segment.includes(`/${id}/`)),
  );
  const last = run.sources === null ? ids.length : Math.max(ids.indexOf(run.id), ...drawnOn);
  const before = ids.slice(0, last + 1);
  const parts = [before.filter((id) => !forced.has(id)), before.filter((id) => forced.has(id))];
  return { runs: parts, idOf, isOffline: true };
}

/** Answers from the journals; what is new goes to `memory`. */
export function replayingJournal(
  layout: StoreLayout,
  { runs, idOf, isOffline }: KeptExchanges,
  memory: EffectJournal,
): EffectJournal {
  const journals = runs.map((ids) =>
    openEffectJournal({ folder: "", read: ids.map((id) => runLayoutOf(layout, id).effects) }),
  );
  /** What is sent anew in the end begins in memory. */
  const isToldAgain = (known: KnownEffect): boolean =>
    known.kind === "in-doubt" && (isOffline || known.failure?.isActedOn === true);
  const lookup = (trial: string, key: string): KnownEffect => {
    const found = journals.map((journal) => journal.lookup(idOf(trial), key));
    return found.find(({ kind }) => kind === "response") ?? found.find(isToldAgain) ?? { kind: "new" };
  };
  return {
    lookup(trial, key) {
      const mine = memory.lookup(trial, key);
      return mine.kind === "new" ? lookup(trial, key) : mine;
    },
    requestOf(trial, key) {
      const kept = journals.map((journal) => journal.requestOf(idOf(trial), key));
      return memory.requestOf(trial, key) ?? kept.find((each) => each !== null) ?? null;
    },
    intend: memory.intend,
    respond: memory.respond,
    fail: memory.fail,
    withdraw: memory.withdraw,
    reopen: memory.reopen,
    pin: memory.pin,
    reusable: (reuseKey) =>
      journals.map((journal) => journal.reusable(reuseKey)).find((each) => each !== null) ??
      memory.reusable(reuseKey),
    adopt: memory.adopt,
  };
}
