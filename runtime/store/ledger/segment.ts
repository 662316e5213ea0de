// A ledger segment: what one process recorded in one run, `runs/<run>/segments/0001.wal`. Its head says which plan its unit numbers
// are of, so that a later plan can place them by coordinates. Frames of record batches follow.
import { closeSync, readSync } from "node:fs";
import { crc32 } from "node:zlib";
import type { MetricSpec, Replicates } from "../../../lib/experiment/definition.ts";
import type { SpaceDescriptor } from "../../../lib/experiment/space/space.ts";
import type { Job, Plan } from "../../plan/plan.ts";
import { StoreError } from "../files/store-error.ts";
import { openStored } from "../files/stored-file.ts";
import { readFully } from "./frame-scan.ts";

export const segmentVersion = 1;
const segmentMagic = "LABWSEG\n";
const fixedBytes = 24;

/** What a segment knows of an experiment: enough to read its records without the plan. */
export interface SegmentExperiment {
  readonly name: string;
  readonly space: SpaceDescriptor;
  /** See PlannedExperiment. */
  readonly derivedHashes: string | null;
  readonly replicates: Replicates;
  readonly metrics: Readonly<Record<string, MetricSpec>>;
}

export interface SegmentHead {
  readonly format: "labwright.segment/1";
  readonly run: string;
  readonly planHash: string;
  readonly labwright: string;
  readonly semantics: number;
  /** ISO 8601. */
  readonly createdAt: string;
  /** The plan's jobs, in its order: a batch's `job` indexes this list. */
  readonly jobs: readonly Job[];
  readonly experiments: readonly SegmentExperiment[];
}

/** A segment on disk. */
export interface Segment {
  readonly path: string;
  readonly run: string;
  /** Path relative to the store's folder, with slashes: what manifests pin. */
  readonly name: string;
  readonly head: SegmentHead;
  /** Byte at which the first frame starts. */
  readonly start: number;
}

/** The head of a new segment for a plan. */
export function segmentHeadOf(
  plan: Plan,
  of: { readonly run: string; readonly planHash: string; readonly createdAt: string },
): SegmentHead {
  return {
    format: "labwright.segment/1",
    ...of,
    labwright: plan.labwright,
    semantics: plan.semantics,
    jobs: plan.jobs,
    experiments: plan.experiments.map(({ name, space, derivedHashes, replicates, metrics }) => ({
      name,
      space,
      derivedHashes,
      replicates,
      metrics,
    })),
  };
}

/** [magic, 8 bytes][version][JSON bytes][CRC-32 of JSON][CRC-32 of the twenty bytes before][JSON, padded to a multiple of eight]. */
export function segmentHeadBytes(head: SegmentHead): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(head));
  const bytes = new Uint8Array((fixedBytes + json.length + 7) & ~7);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(segmentMagic));
  view.setUint32(8, segmentVersion, true);
  view.setUint32(12, json.length, true);
  view.setUint32(16, crc32(json), true);
  view.setUint32(20, crc32(bytes.subarray(0, 20)), true);
  bytes.set(json, fixedBytes);
  return bytes;
}

/** Reads a segment's head. Throws StoreError for another version ("other-version") or a head that is damaged or cut ("damaged"). */
export function readSegmentHead(path: string): { readonly head: SegmentHead; readonly start: number } {
  const file = openStored(path);
  try {
    const fixed = new Uint8Array(fixedBytes);
    const length = readSync(file, fixed, 0, fixedBytes, 0);
    const view = new DataView(fixed.buffer);
    if (length < fixedBytes || view.getUint32(20, true) !== crc32(fixed.subarray(0, 20)))
      throw damagedHead(path);
    if (new TextDecoder().decode(fixed.subarray(0, 8)) !== segmentMagic)
      throw new StoreError("not-a-store", `${path} is no ledger segment of labwright.`);
    const version = view.getUint32(8, true);
    if (version !== segmentVersion)
      throw new StoreError(
        "other-version",
        `${path} was written in segment format ${version}; this labwright reads format ${segmentVersion}.`,
        "Nothing in it was changed. Read it with the version of labwright that wrote it (`lab show --provenance` names it).",
      );
    const json = new Uint8Array(view.getUint32(12, true));
    if (readFully(file, json, fixedBytes) < json.length || crc32(json) !== view.getUint32(16, true))
      throw damagedHead(path);
    // Written by `segmentHeadBytes`, and the checksum holds.
    const head = JSON.parse(new TextDecoder().decode(json)) as SegmentHead;
    return { head, start: (fixedBytes + json.length + 7) & ~7 };
  } finally {
    closeSync(file);
  }
}

function damagedHead(path: string): StoreError {
  return new StoreError(
    "damaged",
    `The head of ${path} is damaged or was never finished, so its records cannot be placed.`,
    "The file is left as it is. Restore it from a copy if you have one; what it held is run again otherwise.",
  );
}
