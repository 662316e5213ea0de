// Nodes that join other nodes: all combinations (cross), one branch at a time (oneOf), one after the other (concat).
import { hasSameParameters, type SpaceNode } from "./space-node.ts";

/** All combinations of the conditions of several nodes; the last varies fastest. */
export function crossNodeOf(parts: readonly SpaceNode[]): SpaceNode {
  const size = parts.reduce((product, part) => product * part.size, 1);
  const strides = parts.map((_, i) => parts.slice(i + 1).reduce((product, part) => product * part.size, 1));
  // One stride a part.
  const positionOf = (i: number, part: SpaceNode, index: number): number =>
    Math.floor(index / (strides[i] as number)) % part.size;
  return {
    size,
    parameters: unionOf(parts.map((part) => part.parameters)),
    coordinates: unionOf(parts.map((part) => part.coordinates)),
    filtered: parts.some((part) => part.filtered),
    write(target, index) {
      for (let i = 0; i < parts.length; i++) {
        const part = parts[i] as SpaceNode;
        part.write(target, positionOf(i, part, index));
      }
    },
    locate(condition) {
      let index = 0;
      for (let i = 0; i < parts.length; i++) {
        const position = (parts[i] as SpaceNode).locate(condition);
        if (position < 0) return -1;
        index += position * (strides[i] as number);
      }
      return index;
    },
    admits: (index) => parts.every((part, i) => !part.filtered || part.admits(positionOf(i, part, index))),
  };
}

export interface Branch {
  readonly name: string;
  readonly node: SpaceNode;
}

/** One branch at a time; the tag is the first parameter of each condition. */
export function oneOfNodeOf(tag: string, branches: readonly Branch[]): SpaceNode {
  const nodes = branches.map(({ name, node }) => taggedNodeOf(tag, name, node));
  const all = concatNodeOf(nodes);
  const offsets = offsetsOf(nodes);
  return {
    ...all,
    locate(condition) {
      const i = branches.findIndex(({ name }) => name === condition[tag]);
      const position = nodes[i]?.locate(condition) ?? -1;
      // The branch was found, so it has an offset.
      return position < 0 ? -1 : (offsets[i] as number) + position;
    },
  };
}

function taggedNodeOf(tag: string, name: string, node: SpaceNode): SpaceNode {
  return {
    ...node,
    parameters: [tag, ...node.parameters],
    coordinates: [tag, ...node.coordinates],
    write(target, index) {
      target[tag] = name;
      node.write(target, index);
    },
    locate: (condition) => (condition[tag] === name ? node.locate(condition) : -1),
  };
}

/** The conditions of several nodes one after the other. */
export function concatNodeOf(parts: readonly SpaceNode[]): SpaceNode {
  const offsets = offsetsOf(parts);
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const partAt = (index: number): number => {
    let i = parts.length - 1;
    while (i > 0 && index < (offsets[i] as number)) i--;
    return i;
  };
  const node: SpaceNode = {
    size,
    parameters: unionOf(parts.map((part) => part.parameters)),
    coordinates: unionOf(parts.map((part) => part.coordinates)),
    filtered: parts.some((part) => part.filtered),
    write(target, index) {
      const i = partAt(index);
      (parts[i] as SpaceNode).write(target, index - (offsets[i] as number));
    },
    locate(condition) {
      for (let i = 0; i < parts.length; i++) {
        const position = (parts[i] as SpaceNode).locate(condition);
        if (position < 0) continue;
        const index = (offsets[i] as number) + position;
        // A part with fewer parameters must not answer for a condition that has more.
        if (hasSameParameters(node, index, condition)) return index;
      }
      return -1;
    },
    admits(index) {
      const i = partAt(index);
      return (parts[i] as SpaceNode).admits(index - (offsets[i] as number));
    },
  };
  return node;
}

function offsetsOf(parts: readonly SpaceNode[]): readonly number[] {
  const offsets: number[] = [];
  let offset = 0;
  for (const part of parts) {
    offsets.push(offset);
    offset += part.size;
  }
  return offsets;
}

function unionOf(lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())];
}
