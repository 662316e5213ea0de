// What was proposed while a run went on, `runs/<run>/proposals.jsonl`: one line a condition, appended and flushed to the disk before any
// lease can speak of it. A last line that a kill cut short was never heard of by anybody, and is cut off by the next writer.
import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { Proposal } from "../../plan/proposal.ts";
import type { RunLayout } from "../files/layout.ts";
import { StoreError, wordedSync } from "../files/store-error.ts";
import { readStored } from "../files/stored-file.ts";
import { syncFolder } from "../ledger/frame-log.ts";

export interface ProposalJournal {
  /** What the file held when it was opened. */
  readonly known: readonly Proposal[];
  /** Durable when it returns. Throws StoreError when the disk refuses. */
  append(proposals: readonly Proposal[]): void;
  close(): void;
}

/** Every proposal of a run, in the order in which they were made; none when it has no such file. */
export function readProposals({ proposals: path }: Pick<RunLayout, "proposals">): readonly Proposal[] {
  return existsSync(path) ? proposalsIn(wholeLinesOf(path), path) : [];
}

/** For the one process that writes the run. The file is made with the first proposal. */
export function openProposalJournal({ proposals: path }: Pick<RunLayout, "proposals">): ProposalJournal {
  const before = existsSync(path) ? wholeLinesOf(path) : null;
  let file: number | null = null;
  return {
    known: before === null ? [] : proposalsIn(before, path),
    append(proposals) {
      if (proposals.length === 0) return;
      wordedSync(path, () => {
        if (file === null) {
          file = openSync(path, "a");
          if (before !== null) ftruncateSync(file, before.length);
          else syncFolder(dirname(path));
        }
        const bytes = Buffer.from(proposals.map((each) => `${JSON.stringify(each)}\n`).join(""));
        for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
        fsyncSync(file);
      });
    },
    close() {
      if (file !== null) closeSync(file);
      file = null;
    },
  };
}

/** The file up to its last line's end. */
function wholeLinesOf(path: string): Buffer {
  const bytes = readStored(path);
  return bytes.subarray(0, bytes.lastIndexOf(10) + 1);
}

function proposalsIn(bytes: Buffer, path: string): readonly Proposal[] {
  const slots = new Map<string, number>();
  return bytes
    .toString("utf8")
    .split("\n")
    .slice(0, -1)
    .map((line, index) => {
      const proposal = proposalOf(line);
      const expected = slots.get(proposal?.experiment ?? "") ?? 0;
      if (proposal === null || proposal.slot !== expected)
        throw new StoreError(
          "damaged",
          `Line ${index + 1} of ${path} is no proposal that follows from the lines before.`,
          "Put the file back from a copy. Without it the records of proposed conditions cannot be placed.",
        );
      slots.set(proposal.experiment, expected + 1);
      return proposal;
    });
}

/** Null for what no journal wrote. */
function proposalOf(line: string): Proposal | null {
  try {
    const { experiment, round, slot, condition, by } = JSON.parse(line) as Partial<Proposal>;
    const isWhole = experiment !== undefined && round !== undefined && slot !== undefined && by !== undefined;
    if (!isWhole || typeof condition !== "object" || condition === null) return null;
    return { experiment, round, slot, condition, by };
  } catch {
    return null;
  }
}
