// The list of runs, asked for again every two seconds while it is looked at.
import { signal } from "@preact/signals";
import type { ProjectView } from "../view-data.ts";
import { ask, link, Refused } from "./connection.ts";
import { isExported } from "./router.ts";

export const project = signal<ProjectView | null>(null);
export const projectProblem = signal<string | null>(null);

const againMs = 2000;

let reading: Promise<void> | null = null;

/** One question at a time: no answer overtakes another. */
export function readProject(): Promise<void> {
  reading ??= read().finally(() => {
    reading = null;
  });
  return reading;
}

async function read(): Promise<void> {
  try {
    project.value = await ask<ProjectView>("/project");
    projectProblem.value = null;
  } catch (error) {
    projectProblem.value = error instanceof Refused ? error.message : "the server does not answer";
  }
}

/** Until the returned function is called. */
export function watchProject(): () => void {
  void readProject();
  if (isExported) return () => undefined;
  const timer = setInterval(() => {
    if (link.value !== "none" && document.visibilityState === "visible") void readProject();
  }, againMs);
  return () => clearInterval(timer);
}
