// Deletes exactly what was listed and agreed to.
import { existsSync, rmSync } from "node:fs";
import { relative } from "node:path";
import { wordedSync } from "../files/store-error.ts";
import type { ProjectStore } from "../project-store.ts";
import { lockToClean } from "../runs/start-run.ts";
import type { CleanItem } from "./cleanable.ts";
import { cleanableOf } from "./cleanable.ts";

/**
 * Deletes the items, which `cleanableOf` listed. An item that has come into use since stays. Returns what was deleted. Throws StoreError
 * ("locked") while a run goes on.
 */
export async function cleanStore(
  store: ProjectStore,
  items: readonly CleanItem[],
): Promise<readonly CleanItem[]> {
  const lock = lockToClean(store);
  try {
    const current = new Set((await cleanableOf(store)).map(({ path }) => path));
    const going = items.filter(({ path }) => current.has(path) && isInside(store, path));
    for (const { path } of going) wordedSync(path, () => rmSync(path, { recursive: true, force: true }));
    return going.filter(({ path }) => !existsSync(path));
  } finally {
    lock.release();
  }
}

function isInside(store: ProjectStore, path: string): boolean {
  const way = relative(store.folder, path);
  return way !== "" && !way.startsWith("..");
}
