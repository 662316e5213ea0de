// Hosts in the elements of Slurm arrays, one set of arrays a run; and what elements have written while no controller listened.
import { dirname, join } from "node:path";
import type { Executor, HostDemand, Patience } from "../protocol/executor.ts";
import type { FromHost } from "../protocol/protocol.ts";
import { FrameReader } from "../protocol/wire.ts";
import { type ArrayFolder, arrayFolder, controllerOf, fromHost, runKey } from "./array-folder.ts";
import { LineReader, namesIn } from "./line-file.ts";
import { RunArrays } from "./run-arrays.ts";
import type { SlurmSetting } from "./slurm-options.ts";

/** A queue may keep a run waiting for days. A node may be slow to be missed: its trials run elsewhere before Slurm knows that it is gone. */
const slurmPatience: Patience = {
  heartbeatMs: 2000,
  silentMs: 20_000,
  startingMs: 120_000,
  fruitlessMax: 12,
};

export function slurmExecutor(setting: SlurmSetting): Executor {
  const opened = new Map<string, RunArrays>();
  return {
    name: "slurm",
    isElsewhere: true,
    patience: slurmPatience,
    open(demand, door) {
      const folder = folderOf(setting, demand);
      let arrays = opened.get(folder.root);
      if (arrays === undefined) {
        const onLeft = (): void => {
          opened.delete(folder.root);
        };
        const { code, memoryMb, session } = demand;
        const jobName = `labwright-${runKey(code, session)}`;
        arrays = new RunArrays({
          setting,
          folder,
          jobName,
          code,
          memoryMb,
          controller: controllerOf(session),
          onLeft,
        });
        opened.set(folder.root, arrays);
      }
      return arrays.open(demand, door);
    },
    leftBehind: (demand) => leftBehind(folderOf(setting, demand)),
    leave() {
      for (const arrays of opened.values()) arrays.leave();
    },
  };
}

function folderOf(
  setting: SlurmSetting,
  { code, session }: Pick<HostDemand, "code" | "session">,
): ArrayFolder {
  // Builds lie in `.lab/builds`.
  const root = setting.folder ?? join(dirname(code), "slurm");
  return arrayFolder(join(root, runKey(code, session)));
}

/** Record batches that elements have written, for whichever controller. */
async function leftBehind(folder: ArrayFolder): Promise<readonly Uint8Array[]> {
  const batches: Uint8Array[] = [];
  for (const name of namesIn(folder.lives)) {
    const frames = new FrameReader((message) => {
      const heard = message as FromHost;
      if (heard.type === "records") batches.push(heard.batch.slice());
    });
    const reader = new LineReader({
      folder: join(folder.lives, name),
      name: fromHost,
      removes: false,
      onFrame: ({ kind, bytes }) => {
        if (kind === "data") frames.push(bytes);
      },
    });
    while ((await reader.read()) > 0);
  }
  return batches;
}
