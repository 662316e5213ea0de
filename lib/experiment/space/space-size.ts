// How many raw conditions a tree has, without making it ready for reading.
import { levelCountOf } from "./level-source.ts";
import type { SpaceTree } from "./space.ts";

/** Number of conditions before `where`. May exceed what can be numbered; never throws. */
export function spaceSizeOf<P, V>(tree: SpaceTree<P, V>): number {
  switch (tree.kind) {
    case "product":
      return product(tree.parameters.map((one) => (one.kind === "sweep" ? levelCountOf(one.levels) : 1)));
    case "cross":
      return product(tree.of.map(spaceSizeOf));
    case "oneOf":
      return sum(tree.branches.map(({ of }) => spaceSizeOf(of)));
    case "concat":
      return sum(tree.of.map(spaceSizeOf));
    case "zip":
      return tree.factors.length === 0
        ? 0
        : Math.min(...tree.factors.map(({ levels }) => levelCountOf(levels)));
    case "conditions":
      return tree.rows.length;
    case "sampled":
      return tree.count;
    case "proposed":
      return tree.capacity;
    case "where":
    case "derived":
      return spaceSizeOf(tree.of);
  }
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all + size, 0);
}
