// The segments of a project's runs, in the order in which they were begun. Heads never change, so they are read once; what a run
// proposed is read each time, since it may grow.
import { lstatSync } from "node:fs";
import { join } from "node:path";
import { grownExperiments, isGrowing, type ProposedRows, proposedRowsOf } from "../../plan/proposal.ts";
import type { StoreLayout } from "../files/layout.ts";
import { runLayoutOf } from "../files/layout.ts";
import { errorCodeOf, StoreError } from "../files/store-error.ts";
import { namesStored } from "../files/stored-file.ts";
import { runIds } from "../runs/manifest.ts";
import { readProposals } from "../runs/proposals.ts";
import type { Segment, SegmentHead } from "./segment.ts";
import { readSegmentHead } from "./segment.ts";

export interface SegmentCatalog {
  /** Every readable segment, oldest first. */
  all(): readonly Segment[];
}

/** What cannot be read is told in `problems`, once, and left alone. */
export function segmentCatalog(layout: StoreLayout, problems: string[]): SegmentCatalog {
  const heads = new Map<string, { readonly head: SegmentHead; readonly start: number } | null>();
  return {
    all() {
      const segments: Segment[] = [];
      for (const run of runIds(layout)) {
        const { segments: folder } = runLayoutOf(layout, run);
        for (const file of namesIn(folder, problems)
          .filter((name) => name.endsWith(".wal"))
          .sort()) {
          const path = join(folder, file);
          if (!heads.has(path)) heads.set(path, headAt(path, problems));
          const known = heads.get(path);
          if (known == null) continue;
          const head = grownHead(known.head, () => proposedRowsOf(readProposals(runLayoutOf(layout, run))));
          segments.push({ path, run, name: `runs/${run}/segments/${file}`, start: known.start, head });
        }
      }
      // Sorting is stable: segments begun in the same millisecond stay in the order of their runs.
      return segments.sort((a, b) =>
        a.head.createdAt < b.head.createdAt ? -1 : a.head.createdAt > b.head.createdAt ? 1 : 0,
      );
    },
  };
}

/** The head with what its run has proposed until now: that is where its records of proposed conditions belong. */
function grownHead(head: SegmentHead, rows: () => ProposedRows): SegmentHead {
  if (!head.experiments.some(isGrowing)) return head;
  return { ...head, experiments: grownExperiments(head.experiments, rows()) };
}

function namesIn(folder: string, problems: string[]): readonly string[] {
  try {
    return namesStored(folder);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    problems.push(error.message);
    return [];
  }
}

function headAt(
  path: string,
  problems: string[],
): { readonly head: SegmentHead; readonly start: number } | null {
  try {
    return readSegmentHead(path);
  } catch (error) {
    // A link that leads nowhere, or a file that another process has just cleaned away.
    if (errorCodeOf(error) === "ENOENT") {
      if (lstatSync(path, { throwIfNoEntry: false }) !== undefined)
        problems.push(`${path} is a link that leads nowhere. What it held is run again.`);
      return null;
    }
    if (!(error instanceof StoreError)) throw error;
    // A segment that was begun and killed before its head was whole holds nothing.
    if (error.fault === "damaged" && lstatSync(path).isFile() && lstatSync(path).size < 24) return null;
    problems.push(error.hint === null ? error.message : `${error.message} ${error.hint}`);
    return null;
  }
}
