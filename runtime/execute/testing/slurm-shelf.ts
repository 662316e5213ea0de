// Executors on a real Slurm for the contracts. Slurm takes seconds to start an element; so elements are submitted ahead, each for a run to come, which
// takes it over as it would that of a controller that was killed.
import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Executor } from "../protocol/executor.ts";
import { type ArrayFolder, arrayFolder } from "../slurm/array-folder.ts";
import { submitArray } from "../slurm/batch-script.ts";
import { RunArrays } from "../slurm/run-arrays.ts";
import { slurm } from "../slurm/slurm.ts";
import { readSlurm, type SlurmOptions, type SlurmSetting } from "../slurm/slurm-options.ts";

const lab = fileURLToPath(new URL("../../../dist/runtime/cli/lab.js", import.meta.url));
/** Elements that wait for a run. */
const ahead = 3;

interface Shelved {
  readonly folder: ArrayFolder;
  readonly jobName: string;
}

export class SlurmShelf {
  readonly #shelved: Shelved[] = [];
  #count = 0;

  /** Submits the first elements. */
  fill(): void {
    while (this.#shelved.length < ahead) this.#shelved.push(this.#submit());
  }

  /** Of as many elements as it is asked for hosts. */
  executorOf(): Executor {
    const { name, patience } = slurm({}).executor({ threads: null });
    return {
      name,
      patience,
      open: (demand, door) => {
        const shelved = this.#shelved.shift() ?? this.#submit();
        this.fill();
        const setting = settingOf({ elements: demand.hosts, threads: demand.threads, arrayChunk: 1 });
        const { code, memoryMb } = demand;
        const arrays = new RunArrays({
          ...shelved,
          setting,
          code,
          memoryMb,
          controller: 1,
          onLeft: () => undefined,
        });
        return arrays.open(demand, door);
      },
    };
  }

  #submit(): Shelved {
    this.#count += 1;
    const jobName = `labwright-shelf-${process.pid}-${this.#count}`;
    const folder = arrayFolder(mkdtempSync(join(tmpdir(), "labwright-shelf-")));
    mkdirSync(folder.lives);
    const submitted = { folder, jobName };
    void submitArray({ ...submitted, setting: settingOf({}), elements: 1, usualSeconds: null }).then(
      ({ job, words }) => {
        if (job === null) throw new Error(words);
      },
    );
    return submitted;
  }
}

function settingOf(options: SlurmOptions): SlurmSetting {
  return readSlurm({ ...options, lab }, null).setting;
}
