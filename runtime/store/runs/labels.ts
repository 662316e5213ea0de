// What people call and say of a run after it began, `runs/<run>/labels.jsonl`: a line an act (rename, tag, untag, note, archive), appended, with who
// and when. The manifest is not touched, so a run under way may be labelled too, and results never change.
import { appendFileSync, existsSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import type { RunLayout } from "../files/layout.ts";
import { wordedSync } from "../files/store-error.ts";
import { readStored } from "../files/stored-file.ts";

export type LabelAct =
  | { readonly do: "rename"; readonly name: string | null }
  | { readonly do: "tag" | "untag"; readonly tag: string }
  | { readonly do: "note"; readonly text: string }
  | { readonly do: "archive"; readonly file: string };

/** An act with its maker (`user@machine`) and its time (ISO 8601). */
export type Label = LabelAct & { readonly at: string; readonly by: string };

export interface RunLabels {
  /** The name last given; undefined where none was given after the run began. */
  readonly name: string | null | undefined;
  /** In alphabetical order. */
  readonly tags: readonly string[];
  /** Oldest first. */
  readonly notes: readonly { readonly text: string; readonly at: string; readonly by: string }[];
  /** Absolute paths of files that it was archived into, oldest first. */
  readonly archives: readonly string[];
}

/** What all acts of a run come to. Lines that a kill cut short are left out. */
export function readLabels({ labels: path }: Pick<RunLayout, "labels">): RunLabels {
  if (!existsSync(path)) return { name: undefined, tags: [], notes: [], archives: [] };
  return foldLabels(readStored(path).toString("utf8").split("\n").flatMap(labelIn));
}

/** Durable when it returns. */
export function appendLabel({ labels: path }: Pick<RunLayout, "labels">, act: LabelAct): void {
  const label: Label = {
    ...act,
    at: new Date().toISOString(),
    by: `${userInfo().username}@${hostname()}`,
  };
  // The leading line break ends a line that a kill cut short.
  wordedSync(path, () => appendFileSync(path, `\n${JSON.stringify(label)}\n`, { flush: true }));
}

function foldLabels(labels: readonly Label[]): RunLabels {
  let name: string | null | undefined;
  const tags = new Set<string>();
  const notes: { text: string; at: string; by: string }[] = [];
  const archives: string[] = [];
  for (const label of labels) {
    if (label.do === "rename") name = label.name;
    else if (label.do === "tag") tags.add(label.tag);
    else if (label.do === "note") notes.push({ text: label.text, at: label.at, by: label.by });
    else if (label.do === "archive") archives.push(label.file);
    else tags.delete(label.tag);
  }
  return { name, tags: [...tags].sort(), notes, archives };
}

function labelIn(line: string): readonly Label[] {
  try {
    // Only appendLabel writes this file.
    const read: unknown = line === "" ? null : JSON.parse(line);
    return typeof read === "object" && read !== null && "do" in read ? [read as Label] : [];
  } catch {
    return [];
  }
}
