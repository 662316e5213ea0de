// The artifacts that records name, run by run: for `lab artifacts`, and to know which files nobody names any more.

import { readBatch } from "../../record/record-batch.ts";
import type { ArtifactRef } from "../../record/trial-record.ts";
import { scanFrames } from "../ledger/frame-scan.ts";
import type { Segment } from "../ledger/segment.ts";

export interface NamedArtifact extends ArtifactRef {
  readonly run: string;
  readonly experiment: string;
  readonly stage: string;
  /** In the numbering of the run that recorded it. */
  readonly unit: number;
}

/** In the order recorded; a trial recorded twice is listed twice. */
export function artifactsIn(segments: readonly Segment[]): readonly NamedArtifact[] {
  return segments.flatMap((segment) => {
    const found: NamedArtifact[] = [];
    scanFrames(segment.path, segment.start, {
      frame(payload) {
        const batch = readBatch(payload);
        if (!batch.hasExtras) return;
        const job = segment.head.jobs[batch.job];
        for (const [row, refs] of batch.json().artifacts ?? [])
          for (const ref of refs)
            found.push({
              ...ref,
              run: segment.run,
              experiment: job?.experiment ?? "",
              stage: job?.stage ?? "",
              unit: batch.unit[row]!,
            });
      },
    });
    return found;
  });
}
