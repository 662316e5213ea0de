// What a plan file runs where an orchestrator simulates: `orchestrator`, with its schema, its address and the names of its methods.
import type { SourcePlace } from "../../diagnostic/diagnostic.ts";
import { code } from "./code-text.ts";
import type { Entry, Noted } from "./plan-document.ts";
import { bad, membersOf, notedText, pathBelow, type Reading, textOf, wholeOf } from "./plan-reading.ts";

export interface PlanOrchestrator {
  readonly kind: "orchestrator";
  readonly place: SourcePlace;
  /** Where the seed goes in the configuration. */
  readonly seed: Noted<string>;
  /** Where the names of the metrics go in it; null for nowhere. */
  readonly metricsPath: Noted<string> | null;
  /** Options of `grpc` besides its configuration, as TypeScript. */
  readonly options: readonly { readonly name: string; readonly code: string; readonly place: SourcePlace }[];
}

/** Options by key: those that are texts as they are. */
const texts: Readonly<Record<string, string>> = {
  service: "service",
  method: "method",
  watch: "watch",
  cancel: "cancel",
  describe: "describe",
  key_from: "keyFrom",
  away_for: "awayFor",
};

const known = ["proto", "address", "seed", "metrics", "concurrency", ...Object.keys(texts)];

/** `tracked` is where the metrics are named. */
export function readOrchestrator(
  reading: Reading,
  entry: Entry,
  tracked: SourcePlace | undefined,
): PlanOrchestrator | null {
  const { node, place } = entry;
  const expected = "a mapping, such as { proto: orchestrator.proto, address: 127.0.0.1:50051 }";
  if (node.entries === null) return bad(reading, node, "orchestrator", expected);
  const parts = membersOf(reading, node.entries, { within: "orchestrator", known });
  const [proto, address] = [parts.get("proto"), parts.get("address")];
  if (proto === undefined || address === undefined)
    return bad(reading, node, "orchestrator", expected, place);
  const file = textOf(
    reading,
    proto,
    "a schema in the plan's folder or below it, such as orchestrator.proto",
  );
  if (file !== null && (pathBelow(file) === null || !file.endsWith(".proto")))
    bad(
      reading,
      proto.node,
      "proto",
      "a schema in the plan's folder or below it, such as orchestrator.proto",
    );
  const where = textOf(reading, address, 'an address, or "$ORCHESTRATOR" for what the environment says');
  if (file === null || where === null) return null;
  const named = Object.entries(texts).flatMap(([key, name]) => {
    const part = parts.get(key);
    const text = textOf(reading, part);
    return part === undefined || text === null ? [] : [{ name, code: code(text), place: part.place }];
  });
  const most = parts.get("concurrency");
  const count = wholeOf(reading, most, { least: 1, expected: "a whole number from 1" });
  return {
    kind: "orchestrator",
    place,
    seed: notedText(reading, parts.get("seed")) ?? { value: "seed", place },
    metricsPath: metricsPathOf(reading, parts.get("metrics"), tracked ?? place),
    options: [
      { name: "proto", code: code(file), place: proto.place },
      { name: "address", code: addressCode(where), place: address.place },
      ...named,
      ...(most === undefined || count === null
        ? []
        : [{ name: "concurrency", code: `${count}`, place: most.place }]),
    ],
  };
}

function metricsPathOf(
  reading: Reading,
  entry: Entry | undefined,
  tracked: SourcePlace,
): Noted<string> | null {
  if (entry === undefined) return { value: "metrics_to_track", place: tracked };
  return entry.node.value === false
    ? null
    : notedText(reading, entry, "a path in the configuration, or false for nowhere");
}

/** "$NAME", "${NAME}" and "${NAME:-otherwise}" are read from the environment. */
function addressCode(text: string): string {
  const [, bare, braced, otherwise] =
    /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::-([^}]*))?\})$/.exec(text) ?? [];
  const name = bare ?? braced;
  if (name === undefined) return code(text);
  return otherwise === undefined ? `env(${code(name)})` : `env(${code(name)}, ${code(otherwise)})`;
}
