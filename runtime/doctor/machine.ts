// The machine and the project's folder: what a long run needs before its first trial.
import { mkdirSync, rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
import { freemem } from "node:os";
import path from "node:path";
import { UserError } from "../diagnostic/user-error.ts";
import { makeScratch } from "../scratch-folder.ts";
import { type Checked, failed, ok, warning } from "./check.ts";

const nodeMin = [20, 19] as const;
const gigabyte = 2 ** 30;
/** A clock further off than this from that of the disk makes records that seem older than what they rest on. */
const clockOffMs = 10_000;
/** No record can be older than this program. */
const earliest = Date.UTC(2025, 0, 1);

export function checkMachine(root: string): readonly Checked[] {
  return [
    checkNode(process.versions.node),
    checkMemory(freemem()),
    ...checkFolder(root),
    ...checkTemporary(),
  ];
}

export function checkNode(version: string): Checked {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isOld = major < nodeMin[0] || (major === nodeMin[0] && minor < nodeMin[1]);
  return isOld ? failed("Node", version, `Install Node ${nodeMin.join(".")} or later.`) : ok("Node", version);
}

export function checkMemory(bytes: number): Checked {
  const found = `${gigabytes(bytes)} free`;
  return bytes < gigabyte / 2
    ? warning("memory", found, "Close other programs, or run on fewer threads: lab run -j 1.")
    : ok("memory", found);
}

export function checkDisk(bytes: number): Checked {
  const found = `${gigabytes(bytes)} free`;
  if (bytes < gigabyte / 10) return failed("disk", found, "Free space: lab clean says what can go.");
  return bytes < gigabyte
    ? warning("disk", found, "Free space before a long run: lab clean says what can go.")
    : ok("disk", found);
}

/** Writes a file below `.lab` and takes it away: whether it can, how much room there is, and whether disk and machine agree on the time. */
function checkFolder(root: string): readonly Checked[] {
  const folder = path.join(root, ".lab");
  const file = path.join(folder, `doctor-${process.pid}.tmp`);
  try {
    mkdirSync(folder, { recursive: true });
    const before = Date.now();
    writeFileSync(file, "");
    const { mtimeMs } = statSync(file);
    rmSync(file);
    const { bavail, bsize } = statfsSync(folder);
    return [ok(".lab", "can be written"), checkDisk(bavail * bsize), checkClock(before, mtimeMs)];
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return [
      failed(
        ".lab",
        `cannot be written: ${words}`,
        "Give yourself leave to write there, or choose another folder with -C.",
      ),
    ];
  }
}

/** Nothing is said of one that does. */
function checkTemporary(): readonly Checked[] {
  try {
    rmSync(makeScratch("lab-doctor"), { recursive: true });
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [failed("TMPDIR", error.message, error.hint ?? "")];
  }
}

export function checkClock(nowMs: number, diskMs: number): Checked {
  const found = new Date(nowMs).toISOString();
  if (nowMs < earliest)
    return failed("clock", found, "Set the clock: records would seem older than their code.");
  const offMs = Math.abs(nowMs - diskMs);
  return offMs > clockOffMs
    ? warning(
        "clock",
        `${found}, ${Math.round(offMs / 1000)} s off that of the disk`,
        "Synchronise the clocks of this machine and its file server.",
      )
    : ok("clock", found);
}

function gigabytes(bytes: number): string {
  return `${(bytes / gigabyte).toFixed(1)} GB`;
}
