// Room for conditions that are proposed while a run goes on: slot i is a condition once row i is there. Rows are only ever appended, also
// while somebody reads, so nothing is kept here that a later row would make wrong.
import { conditionKeyOf } from "./condition-key.ts";
import { levelCountOf, levelReaderOf } from "./level-source.ts";
import type { Condition, SampledRange, SpaceDescriptor, SpaceTree } from "./space.ts";
import type { SpaceNode } from "./space-node.ts";

export type ProposedTree = Extract<SpaceDescriptor, { readonly kind: "proposed" }>;

export function proposedNodeOf({ capacity, ranges, rows }: ProposedTree): SpaceNode {
  const names = ranges.map(({ name }) => name);
  const slotByKey = new Map<string, number>();
  let keyed = 0;
  return {
    size: capacity,
    parameters: names,
    coordinates: names,
    filtered: true,
    write(target, index) {
      Object.assign(target, rows[index]);
    },
    locate(condition) {
      for (; keyed < rows.length; keyed++) slotByKey.set(conditionKeyOf(rows[keyed]), keyed);
      const own = names.filter((name) => Object.hasOwn(condition, name));
      try {
        const key = conditionKeyOf(Object.fromEntries(own.map((name) => [name, condition[name]])));
        return slotByKey.get(key) ?? -1;
      } catch {
        // What has no canonical text equals no condition.
        return -1;
      }
    },
    admits: (index) => index < rows.length,
  };
}

/** The proposed parts of a tree; a sound space has at most one. */
export function proposedPartsOf<P, V>(tree: SpaceTree<P, V>): readonly ProposedTree[] {
  switch (tree.kind) {
    case "proposed":
      return [tree];
    case "cross":
    case "concat":
      return tree.of.flatMap(proposedPartsOf);
    case "oneOf":
      return tree.branches.flatMap(({ of }) => proposedPartsOf(of));
    case "where":
    case "derived":
      return proposedPartsOf(tree.of);
    default:
      return [];
  }
}

/** The same space with these rows proposed; `rows` is kept, not copied: the space grows as it does. */
export function withProposedRows(space: SpaceDescriptor, rows: readonly Condition[]): SpaceDescriptor {
  const inner = (of: SpaceDescriptor): SpaceDescriptor => withProposedRows(of, rows);
  switch (space.kind) {
    case "proposed":
      return { ...space, rows };
    case "cross":
    case "concat":
      return { ...space, of: space.of.map(inner) };
    case "oneOf":
      return { ...space, branches: space.branches.map(({ name, of }) => ({ name, of: inner(of) })) };
    default:
      return space;
  }
}

/**
 * What is wrong with a condition proposed for the ranges, in words; null when nothing is: exactly the parameters of the ranges, each
 * within its own.
 */
export function proposalFault(
  { ranges }: Pick<ProposedTree, "ranges">,
  condition: Readonly<Record<string, unknown>>,
): string | null {
  const names = ranges.map(({ name }) => name);
  const unknown = Object.keys(condition).find((name) => !names.includes(name));
  if (unknown !== undefined) return `there is no proposed parameter "${unknown}", only ${names.join(", ")}`;
  for (const { name, range } of ranges) {
    if (!Object.hasOwn(condition, name)) return `the parameter "${name}" is missing`;
    const value = condition[name];
    if (!isWithin(range, value)) return `${name} is ${JSON.stringify(value)}, expected ${rangeWords(range)}`;
  }
  return null;
}

function isWithin(range: SampledRange, value: unknown): boolean {
  if (range.kind === "choice") return choicesOf(range).includes(JSON.stringify(value));
  if (typeof value !== "number" || !(value >= range.low && value <= range.high)) return false;
  return range.kind !== "integer" || Number.isInteger(value);
}

function rangeWords(range: SampledRange): string {
  if (range.kind === "choice") return `one of ${choicesOf(range).join(", ")}`;
  return `${range.kind === "integer" ? "a whole number" : "a number"} from ${range.low} to ${range.high}`;
}

function choicesOf({ levels }: Extract<SampledRange, { readonly kind: "choice" }>): readonly string[] {
  const read = levelReaderOf(levels);
  return Array.from({ length: levelCountOf(levels) }, (_, index) => JSON.stringify(read(index)));
}
