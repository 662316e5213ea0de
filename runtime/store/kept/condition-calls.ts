// The accounts of calls of an experiment's trials, added up by condition and port while its batches are read.

import { type PortCalls, sumOfCalls } from "../../record/port-calls.ts";
import type { RecordBatch } from "../../record/record-batch.ts";
import type { ConditionCalls } from "../../record/trial-table.ts";

export interface CallGatherer {
  /** Takes what a batch says of a row of the table; `tableRowOf` has the rows that count. */
  take(batch: RecordBatch, tableRowOf: ReadonlyMap<number, number>): void;
  /** One entry a condition in which calls were made. */
  gathered(): readonly ConditionCalls[];
}

/** What only performers of ports say: rows with it and without an account were recorded before accounts were kept. */
const markOfPorts = "retries";

export function gatherCalls(condition: Uint32Array): CallGatherer {
  const accounts = new Map<number, { trials: number; readonly ports: Map<string, PortCalls[]> }>();
  const kept = new Set<number>();
  const marked = new Set<number>();
  return {
    take(batch, tableRowOf) {
      const { calls = [], telemetry = [] } = batch.json();
      for (const row of telemetry.find(({ name }) => name === markOfPorts)?.rows ?? []) {
        const tableRow = tableRowOf.get(row) ?? -1;
        if (tableRow >= 0) marked.add(tableRow);
      }
      for (const [row, ports] of calls) {
        const tableRow = tableRowOf.get(row) ?? -1;
        if (tableRow < 0) continue;
        kept.add(tableRow);
        const own = accounts.get(condition[tableRow]!) ?? { trials: 0, ports: new Map() };
        accounts.set(condition[tableRow]!, own);
        own.trials += 1;
        for (const each of ports) {
          const parts = own.ports.get(each.port) ?? [];
          own.ports.set(each.port, parts);
          parts.push(each);
        }
      }
    },
    gathered() {
      const without = new Map<number, number>();
      for (const row of marked)
        if (!kept.has(row)) without.set(condition[row]!, (without.get(condition[row]!) ?? 0) + 1);
      return [...new Set([...accounts.keys(), ...without.keys()])]
        .sort((a, b) => a - b)
        .map((each) => ({
          condition: each,
          trials: accounts.get(each)?.trials ?? 0,
          unaccounted: without.get(each) ?? 0,
          ports: [...(accounts.get(each)?.ports ?? [])].map(([port, parts]) => sumOfCalls(port, parts)),
        }));
    },
  };
}
