// What hosts on other machines have finished while no controller listened: taken over by the next controller of the same run, before it asks what is
// left to do.
import { dirname } from "node:path";
import { bitmapOf, hasBit, setBit } from "../plan/bitmap.ts";
import { unitCountOf } from "../plan/units.ts";
import { hasMeasurement } from "../record/outcome.ts";
import { type RecordBatch, readBatch } from "../record/record-batch.ts";
import type { RunWriter } from "../store/runs/start-run.ts";
import { lookedUpAgain, type Prepared } from "./prepare.ts";
import type { RunOptions } from "./run-options.ts";

/** The same run, with these records counted. */
export async function withLeftBehind(
  prepared: Prepared,
  { options, writer }: { readonly options: RunOptions; readonly writer: RunWriter },
): Promise<Prepared> {
  const { opened, again } = prepared;
  const { executor } = options.ports;
  // A forced run counts what it records itself.
  if (executor.leftBehind === undefined || again.force) return prepared;
  const batches = await executor.leftBehind({ code: dirname(opened.folder), session: writer.session });
  const isNew = newUnitsOf(prepared);
  let taken = 0;
  for (const bytes of batches) {
    const batch = readBatch(bytes);
    // A batch is whole or not at all; what has failed may have tries before it, and runs again.
    if (!batch.outcome.every((code) => hasMeasurement(code)) || !isNew(batch)) continue;
    writer.ledger.append(batch.bytes);
    taken += batch.rows;
  }
  if (taken === 0) return prepared;
  await writer.ledger.sync();
  const [units, were, are] = taken === 1 ? ["unit", "was", "is"] : ["units", "were", "are"];
  const text = `${taken} ${units} that ${were} finished while no controller listened ${are} recorded`;
  options.listener({ type: "notice", level: "info", text });
  return lookedUpAgain(prepared);
}

/** Whether none of a batch's units is recorded, or was in a batch before. */
function newUnitsOf({ opened, surveys }: Prepared): (batch: RecordBatch) => boolean {
  const known = new Map<number, Uint8Array>(
    surveys.map(({ index, records }) => [index, records.done.slice()]),
  );
  return ({ job, unit }) => {
    const planned = opened.plan.jobs[job];
    const done = known.get(job);
    if (planned === undefined || done === undefined) return false;
    const bits = done.length > 0 ? done : bitmapOf(unitCountOf(planned));
    known.set(job, bits);
    if (unit.some((each) => hasBit(bits, each))) return false;
    for (const each of unit) setBit(bits, each);
    return true;
  };
}
