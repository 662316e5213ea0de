// `execution_sequence`: what happens in the course of a simulation, as steps and interventions one after the other. It goes into the
// configuration of each trial as it is, with what interventions set by path; whoever simulates carries it out.
import type { SourcePlace } from "../../diagnostic/diagnostic.ts";
import { nearest } from "../../diagnostic/nearest.ts";
import { executionSequence } from "../../diagnostic/plan-file-messages.ts";
import { type BaseConfig, checkAgainstBase } from "./base-config.ts";
import type { Entry, PlanNode } from "./plan-document.ts";
import { leavesOf } from "./plan-parameters.ts";
import type { Reading } from "./plan-reading.ts";

/** Its key in the configuration. */
export const sequenceKey = "execution_sequence";

export interface PlanSequence {
  readonly place: SourcePlace;
  /** The members as the configuration gets them. */
  readonly node: PlanNode;
}

/** Null where it is not written, or has mistakes. */
export function readSequence(
  reading: Reading,
  entry: Entry | undefined,
  base: BaseConfig | null,
): PlanSequence | null {
  if (entry === undefined) return null;
  const { node, place } = entry;
  if (node.items === null || node.items.length === 0) {
    reading.say(executionSequence({ place: node.place, found: "no list of steps", expected: example }));
    return null;
  }
  const members = node.items.map((item) => memberOf(reading, item, base));
  const sound = members.filter((member) => member !== null);
  if (sound.length < members.length) return null;
  const value = sound.map((member) => member.value);
  return { place, node: { place: node.place, value, entries: null, items: sound } };
}

const example =
  "steps and interventions, such as - { intervention: heat, at: 30, set: { tank.temperature: 30 } }";

const kindNames = ["step", "intervention"];

function memberOf(reading: Reading, item: PlanNode, base: BaseConfig | null): PlanNode | null {
  const wrong = (found: string, expected: string, place = item.place): null => {
    reading.say(executionSequence({ place, found, expected }));
    return null;
  };
  if (item.entries === null) return wrong(JSON.stringify(item.value), example);
  const parts = new Map(item.entries.map((entry) => [entry.key, entry]));
  const kinds = kindNames.filter((kind) => parts.has(kind));
  const [kind = ""] = kinds;
  const mistyped =
    kinds.length > 0 ? undefined : item.entries.find(({ key }) => nearest(key, kindNames) !== null);
  if (mistyped !== undefined)
    return wrong(`a member with "${mistyped.key}"`, `"${nearest(mistyped.key, kindNames)}"`, mistyped.place);
  if (kinds.length !== 1)
    return wrong(
      kinds.length === 0
        ? "a member that is neither a step nor an intervention"
        : "a step that is an intervention",
      "one of the two keys, with its name: step: warm-up, or intervention: heat",
    );
  const name = parts.get(kind)!; // It was just found.
  if (typeof name.node.value !== "string" || name.node.value === "")
    return wrong(`${kind} ${JSON.stringify(name.node.value)}`, "its name as text", name.node.place);
  const [at, set] = [parts.get("at"), parts.get("set")];
  if (kind === "intervention" && at === undefined)
    return wrong(
      `the intervention "${name.node.value}" without a time`,
      "at: a number from 0, such as at: 30",
      name.place,
    );
  if (at !== undefined && !(typeof at.node.value === "number" && at.node.value >= 0))
    return wrong(`at ${JSON.stringify(at.node.value)}`, "a number from 0", at.node.place);
  if (set === undefined) return mapping(item.place, item.entries);
  if (set.node.entries === null || set.node.entries.length === 0)
    return wrong(
      `set ${JSON.stringify(set.node.value)}`,
      "values by path, such as set: { tank.temperature: 30 }",
      set.node.place,
    );
  const leaves = leavesOf(set.node.entries, "");
  if (base !== null) checkAgainstBase(reading, base, leaves);
  const byPath = leaves.map(({ path: key, place, node }): Entry => ({ key, place, node }));
  const node = mapping(set.node.place, byPath);
  return mapping(
    item.place,
    item.entries.map((entry) => (entry === set ? { ...entry, node } : entry)),
  );
}

function mapping(place: SourcePlace, entries: readonly Entry[]): PlanNode {
  const value = Object.fromEntries(entries.map(({ key, node }) => [key, node.value]));
  return { place, value, entries, items: null };
}
