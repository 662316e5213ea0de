// What an element of an array is: one host after the other for whichever controller has the run, until the run is over or Slurm takes the node back.
import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { UserError } from "../../diagnostic/user-error.ts";
import { labwrightVersion } from "../../version.ts";
import { unlikeHere } from "../engine/host-check.ts";
import { type ArrayFolder, arrayFolder, type ControllerCard, lifeText, readCard } from "./array-folder.ts";
import { ElementLife, type LifeEnd } from "./element-life.ts";
import { slurm } from "./slurm-commands.ts";

const lookMs = 250;
/** A folder that is missing in so many looks is gone, and the run with it. */
const missesMax = 6;
/** Without a sign of a controller an element that has nothing to do stays for so long. */
const lingerMs = 600_000;
const pauseMs = { first: 200, most: 10_000 } as const;

export interface ElementOptions {
  /** The run's folder. */
  readonly folder: string;
  /** As Slurm has set it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Resolves when the element is to end. Throws UserError where it may not work for the run. */
export async function serveElement({ folder: root, environment }: ElementOptions): Promise<void> {
  const {
    SLURM_ARRAY_JOB_ID: array = "0",
    SLURM_ARRAY_TASK_ID: task = "0",
    SLURM_RESTART_COUNT: restart = "0",
  } = environment;
  const node = environment.SLURMD_NODENAME ?? hostname();
  const folder = arrayFolder(root);
  const watch = new ControllerWatch(folder);
  let life: ElementLife | null = null;
  let isWarned = false;
  const warn = (): void => {
    isWarned = true;
    life?.warn();
  };
  for (const signal of ["SIGUSR1", "SIGTERM", "SIGINT"] as const) process.on(signal, warn);
  try {
    let fruitless = 0;
    for (let count = 1; !isWarned; count += 1) {
      const card = await watch.present();
      if (card === null || isWarned) break;
      assertLikeHere(node, card);
      const name = lifeText({ array, task: Number(task), restart: Number(restart), host: count });
      const end = await new Promise<LifeEnd>((resolve) => {
        const begun = new ElementLife({
          folder: join(folder.lives, name),
          card: { node },
          host: { threads: card.threads, memoryMb: card.memoryMb, labels: card.labels, code: card.code },
          controller: card.controller,
          onEnd: resolve,
        });
        life = begun;
        watch.follow(begun);
      });
      life = null;
      watch.follow(null);
      if (end.isDrained) break;
      fruitless = end.wasUseful ? 0 : fruitless + 1;
      await pause(Math.min(pauseMs.most, pauseMs.first * 2 ** fruitless));
    }
  } finally {
    // Whatever ends it: a watch that goes on would keep the process, and with it the node.
    watch.stop();
  }
  // Nobody is there to send for another one; Slurm starts this one again, when it can.
  if (isWarned && watch.isAway) await slurm("scontrol", ["requeue", `${array}_${task}`]);
}

function assertLikeHere(node: string, card: ControllerCard): void {
  const unlike = unlikeHere({ labwright: labwrightVersion(), node: process.versions.node }, card);
  if (unlike === null) return;
  throw new UserError(
    `${node} has ${unlike.has}, the run ${unlike.here}: let nodes start ${unlike.needed}, slurm({ setup: [...], lab })`,
  );
}

/** Follows what the controller says of itself. */
class ControllerWatch {
  readonly #folder: ArrayFolder;
  readonly #timer: NodeJS.Timeout;
  #card: ControllerCard | null = null;
  #changedAt = performance.now();
  #misses = 0;
  #life: ElementLife | null = null;

  constructor(folder: ArrayFolder) {
    this.#folder = folder;
    this.#timer = setInterval(() => this.#look(), lookMs);
    this.#look();
  }

  /** Whether no controller has given a sign of life for a while. */
  get isAway(): boolean {
    return (
      this.#card !== null &&
      !this.#isOver &&
      (this.#card.state === "away" || performance.now() - this.#changedAt > 20_000)
    );
  }

  /** The controller's card; null when the run is over, or nobody has come for too long. */
  async present(): Promise<ControllerCard | null> {
    while (!this.#isOver) {
      if (performance.now() - this.#changedAt > lingerMs) return null;
      if (this.#card !== null && this.#card.state === "here") return this.#card;
      await pause(lookMs);
    }
    return null;
  }

  follow(life: ElementLife | null): void {
    this.#life = life;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  get #isOver(): boolean {
    return this.#card?.state === "over" || this.#misses >= missesMax;
  }

  #look(): void {
    try {
      const card = readCard(this.#folder);
      this.#misses = existsSync(this.#folder.root) ? 0 : this.#misses + 1;
      if (card !== null && (card.controller !== this.#card?.controller || card.beat !== this.#card.beat)) {
        this.#card = card;
        this.#changedAt = performance.now();
      }
    } catch {
      // The file system is away.
    }
    const life = this.#life;
    if (life === null) return;
    if (this.#isOver) life.kill();
    else if (this.#card !== null && this.#card.controller > life.controller)
      life.turnTo(this.#card.controller);
    else if (life.leases === 0 && performance.now() - this.#changedAt > lingerMs) life.kill();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
