// What this machine has for trials that say what they take of it.
import { existsSync, readdirSync } from "node:fs";
import { totalmem } from "node:os";

/** Memory in MB, and graphics cards: those that CUDA_VISIBLE_DEVICES lets programs see, or of which the system has a device. */
export function machineCapacity(environment: NodeJS.ProcessEnv = process.env): {
  readonly memoryMb: number;
  readonly gpus: number;
} {
  return { memoryMb: Math.floor(totalmem() / 2 ** 20), gpus: gpusOf(environment) };
}

function gpusOf({ CUDA_VISIBLE_DEVICES: visible }: NodeJS.ProcessEnv): number {
  if (visible !== undefined) return visible.split(",").filter((each) => /^[\w-]+$/.test(each.trim())).length;
  return existsSync("/dev") ? readdirSync("/dev").filter((name) => /^nvidia\d+$/.test(name)).length : 0;
}
