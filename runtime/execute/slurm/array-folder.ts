// What a run on Slurm keeps in the folder that all machines share: a card of the controller, and for each life of a host in an element the two
// directions of its line. Slurm may run an element again while its last life goes on somewhere: each life writes to files of its own.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { labwrightVersion } from "../../version.ts";
import type { Labels } from "../protocol/labels.ts";
import { namesIn } from "./line-file.ts";

/** Raised when a file there changes its meaning. */
const folderFormat = 1;

/** What the controller says of itself, again and again. */
export interface ControllerCard {
  readonly format: number;
  /** Rises each time the run is taken up. */
  readonly controller: number;
  /** Rises while it lives: clocks of machines differ. */
  readonly beat: number;
  /** "over": elements leave. "away": they finish what they have, and wait for the next controller. */
  readonly state: "here" | "away" | "over";
  /** Its versions: elements must have the same labwright, and the same major version of Node. */
  readonly labwright: string;
  readonly node: string;
  /** What the hosts of elements are: worker threads, memory of each in MB, labels, and the folder of builds, absolute. */
  readonly threads: number;
  readonly memoryMb: number | null;
  readonly labels: Labels;
  readonly code: string;
}

/** What an element says of a life, once. */
export interface LifeCard {
  readonly node: string;
}

/** One host of an element: "123_4.1.2" is the second one since Slurm has started element 4 of array 123 again, once. */
export interface LifeName {
  readonly array: string;
  readonly task: number;
  readonly restart: number;
  readonly host: number;
}

export interface ArrayFolder {
  readonly root: string;
  readonly card: string;
  readonly lives: string;
  /** What elements printed; `%A` and `%a` are Slurm's. */
  readonly log: string;
}

/** Names a run among those of all projects, the same for every controller that takes it up. */
export function runKey(code: string, session: string): string {
  const run = session.slice(0, session.lastIndexOf("/"));
  return `${run.replace(/[^\w-]/g, "")}-${createHash("sha256").update(`${code}\0${run}`).digest("hex").slice(0, 12)}`;
}

export function controllerOf(session: string): number {
  return Number(session.slice(session.lastIndexOf("/") + 1));
}

export function arrayFolder(root: string): ArrayFolder {
  return {
    root,
    card: join(root, "controller.json"),
    lives: join(root, "lives"),
    log: join(root, "log-%A_%a.txt"),
  };
}

export function lifeText({ array, task, restart, host }: LifeName): string {
  return `${array}_${task}.${restart}.${host}`;
}

export function lifeNameOf(text: string): LifeName | null {
  const [, array = "", task, restart, host] = /^(\d+)_(\d+)\.(\d+)\.(\d+)$/.exec(text) ?? [];
  if (host === undefined) return null;
  return { array, task: Number(task), restart: Number(restart), host: Number(host) };
}

/** Files of a life beside its line. */
export const lifeCard = "life.json";
export const lifeEnded = "ended";

export function toHost(controller: number): string {
  return `to-${controller}`;
}
export const fromHost = "from";

/** Whether a controller has written to the life in this folder. */
export function wasSpokenTo(folder: string): boolean {
  return namesIn(folder).some((name) => /^to-\d/.test(name));
}

export function writeCard(
  folder: ArrayFolder,
  card: Omit<ControllerCard, "format" | "labwright" | "node">,
): void {
  mkdirSync(folder.lives, { recursive: true });
  const versions = { labwright: labwrightVersion(), node: process.versions.node };
  writeWhole(folder.card, JSON.stringify({ format: folderFormat, ...versions, ...card }));
}

/** Null where there is none. Throws when the file system does not answer, and for a card of another format. */
export function readCard(folder: ArrayFolder): ControllerCard | null {
  let text: string;
  try {
    text = readFileSync(folder.card, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  const card = JSON.parse(text) as ControllerCard; // writeCard wrote it.
  if (card.format !== folderFormat) throw new Error(`the card of the run has format ${card.format}`);
  return card;
}

/** Readers see the file of before or this one, whole. */
export function writeWhole(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const fresh = `${path}.new`;
  writeFileSync(fresh, text, { flush: true });
  renameSync(fresh, path);
}
