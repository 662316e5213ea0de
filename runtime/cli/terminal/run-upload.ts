// The files of a run, once it has ended, into the bucket of `lab.config.ts`. A bucket that is away is said, and the run is what it was.
import { openStore } from "../../store/project-store.ts";
import type { RemoteStore } from "../../store/s3/s3-address.ts";
import type { RunManifest } from "../../store/store.ts";
import type { RunTracking } from "./run-tracking.ts";
import { say } from "./say.ts";

export function runUploadOf(remote: RemoteStore | null, root: string): RunTracking {
  return {
    listener() {},
    async close(run) {
      if (remote === null || run === null) return;
      await uploaded(remote, root, run);
    },
  };
}

async function uploaded({ address }: RemoteStore, root: string, run: RunManifest): Promise<void> {
  try {
    const { uploadRun } = await import("../../store/s3/upload-run.ts");
    await uploadRun({ store: openStore(root), run, address, drop: false });
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    say(process.stderr, `warning: ${words}; nothing is lost, later: lab push s3 ${run.id}`);
  }
}
