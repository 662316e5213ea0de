// A space ready to be read by index: from a definition with the author's functions, or rebuilt from a build's descriptor with the
// bitmap and column that those functions gave. Indexes count raw conditions, before `where`.
import type { Json } from "../json.ts";
import { concatNodeOf, crossNodeOf, oneOfNodeOf } from "./branch-nodes.ts";
import { productNodeOf, zipNodeOf } from "./factor-nodes.ts";
import { constantsOf, derivedNamesOf, factorsOf } from "./factors.ts";
import { listNodeOf } from "./list-node.ts";
import { proposedNodeOf, proposedPartsOf } from "./proposed-node.ts";
import { sampledNodeOf } from "./sampled-node.ts";
import type {
  BeforeCall,
  Condition,
  Factor,
  IndexedSpace,
  Space,
  SpaceDescriptor,
  SpaceTree,
} from "./space.ts";
import { type Draft, draftOf, type SpaceNode } from "./space-node.ts";

/** How `where` and derived values are computed: by the author's functions, or not at all (they come from the build). */
interface Functions<Predicate, Value> {
  admits(predicate: Predicate, condition: Condition): boolean;
  derive(value: Value, condition: Condition): Json;
}

/** Reads a definition's space. Predicates and derived values call the author's functions, which may throw. */
export function indexedSpaceOf(space: Space, before: BeforeCall = () => {}): IndexedSpace {
  const node = nodeOf(space, {
    admits(predicate, condition) {
      before(predicate, condition);
      return predicate.call(condition);
    },
    derive(value, condition) {
      before(value, condition);
      // Whether it is JSON is for expandSpace's caller to check once, not for every trial.
      return value.call(condition) as Json;
    },
  });
  return fromNode(space, node, (index) => node.admits(index), null);
}

/** What a build evaluated with the author's functions. */
export interface EvaluatedSpace {
  /** Bit `i & 7` of byte `i >> 3` says whether raw condition i is admitted; all are when left out. */
  readonly admitted?: Uint8Array | undefined;
  /** Derived values by raw condition; null or absent for a condition that is not admitted. */
  readonly derived?: readonly (Condition | null)[] | undefined;
}

/** Rebuilds a space from its descriptor, with none of the author's code. */
export function spaceFromDescriptor(
  descriptor: SpaceDescriptor,
  { admitted, derived }: EvaluatedSpace = {},
): IndexedSpace {
  const node = nodeOf(descriptor, { admits: () => true, derive: () => null });
  const admits =
    admitted === undefined
      ? node.admits
      : (index: number) => ((admitted[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
  return fromNode(descriptor, node, admits, derived ?? null);
}

function fromNode<P, V>(
  tree: SpaceTree<P, V>,
  node: SpaceNode,
  admits: (index: number) => boolean,
  derived: readonly (Condition | null)[] | null,
): IndexedSpace {
  const { size } = node;
  const derivedNames = new Set(derivedNamesOf(tree));
  let factors: readonly Factor[] | null = null;
  const at = (index: number): Condition => {
    if (!(index >= 0 && index < size && Number.isInteger(index))) {
      throw new RangeError(`condition ${index}: expected a whole number from 0 to ${size - 1}`);
    }
    const draft: Draft = {};
    node.write(draft, index);
    if (derived !== null) Object.assign(draft, derived[index]);
    return draft;
  };
  return {
    size,
    at,
    admits,
    filtered: node.filtered,
    derives: derivedNames.size > 0,
    grows: proposedPartsOf(tree).length > 0,
    get factors() {
      factors ??= factorsOf(tree);
      return factors;
    },
    constants: constantsOf(tree),
    parameters: node.parameters,
    indexOf(condition) {
      const index = node.locate(condition);
      if (index < 0) return -1;
      const own = draftOf(node, index);
      const count = (of: object): number =>
        derivedNames.size === 0
          ? Object.keys(of).length
          : Object.keys(of).filter((name) => !derivedNames.has(name)).length;
      return count(own) === count(condition) ? index : -1;
    },
  };
}

function nodeOf<P, V>(tree: SpaceTree<P, V>, functions: Functions<P, V>): SpaceNode {
  switch (tree.kind) {
    case "product":
      return productNodeOf(tree.parameters);
    case "zip":
      return zipNodeOf(tree.factors);
    case "conditions":
      return listNodeOf(tree.rows);
    case "sampled":
      return sampledNodeOf(tree);
    case "proposed":
      return proposedNodeOf(tree);
    case "cross":
      return crossNodeOf(tree.of.map((part) => nodeOf(part, functions)));
    case "concat":
      return concatNodeOf(tree.of.map((part) => nodeOf(part, functions)));
    case "oneOf":
      return oneOfNodeOf(
        tree.tag,
        tree.branches.map(({ name, of }) => ({ name, node: nodeOf(of, functions) })),
      );
    case "where": {
      const of = nodeOf(tree.of, functions);
      return {
        ...of,
        filtered: true,
        admits: (index) => of.admits(index) && functions.admits(tree.predicate, draftOf(of, index)),
      };
    }
    case "derived":
      return derivedNodeOf(tree, functions);
  }
}

function derivedNodeOf<P, V>(
  tree: Extract<SpaceTree<P, V>, { readonly kind: "derived" }>,
  functions: Functions<P, V>,
): SpaceNode {
  const of = nodeOf(tree.of, functions);
  return {
    ...of,
    parameters: [...of.parameters, ...tree.values.map(({ name }) => name)],
    write(target, index) {
      const own = draftOf(of, index);
      // Later values may use earlier ones.
      for (const { name, value } of tree.values) own[name] = functions.derive(value, own);
      Object.assign(target, own);
    },
  };
}
