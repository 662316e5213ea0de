// Three contact networks of the same size and mean degree: random (Erdős and Rényi 1959), scale-free (Barabási and Albert 1999) and
// small-world (Watts and Strogatz 1998). A network is its neighbours by node.
import type { TrialContext } from "labwright";

export type Network = readonly (readonly number[])[];
type Random = TrialContext["random"];

class Edges {
  readonly neighbours: Set<number>[];

  constructor(size: number) {
    this.neighbours = Array.from({ length: size }, () => new Set<number>());
  }

  /** Adds an edge unless it is there already or leads back to its own node; says whether it was added. */
  add(a: number, b: number): boolean {
    if (a === b || this.neighbours[a]!.has(b)) return false;
    this.neighbours[a]!.add(b);
    this.neighbours[b]!.add(a);
    return true;
  }

  network(): Network {
    return this.neighbours.map((own) => [...own]);
  }
}

/** Exactly `size * degree / 2` different edges, drawn at random. */
export function erdosRenyi(size: number, degree: number, random: Random): Network {
  const edges = new Edges(size);
  for (let left = (size * degree) / 2; left > 0; ) {
    if (edges.add(random.integer(0, size - 1), random.integer(0, size - 1))) left -= 1;
  }
  return edges.network();
}

/** Every new node joins `degree / 2` old ones, each chosen in proportion to its degree. */
export function barabasiAlbert(size: number, degree: number, random: Random): Network {
  const edges = new Edges(size);
  const joined = degree / 2;
  const ends: number[] = [];
  for (let node = 1; node < size; node += 1) {
    for (let left = Math.min(node, joined); left > 0; ) {
      const other = ends.length === 0 || node <= joined ? node - left : random.pick(ends);
      if (!edges.add(node, other)) continue;
      ends.push(node, other);
      left -= 1;
    }
  }
  return edges.network();
}

/** A ring in which every node knows its `degree` nearest, each edge moved to a random end with chance `rewire`. */
export function wattsStrogatz(size: number, degree: number, rewire: number, random: Random): Network {
  const edges = new Edges(size);
  for (let step = 1; step <= degree / 2; step += 1) {
    for (let node = 0; node < size; node += 1) {
      const near = (node + step) % size;
      const isMoved = random.boolean(rewire);
      if (!isMoved || !edges.add(node, random.integer(0, size - 1))) edges.add(node, near);
    }
  }
  return edges.network();
}

/** Nodes of the largest part that hangs together. */
export function largestPart(network: Network): number {
  const seen = new Set<number>();
  let largest = 0;
  for (let start = 0; start < network.length; start += 1) {
    if (seen.has(start)) continue;
    const before = seen.size;
    const open = [start];
    seen.add(start);
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      for (const next of network[node]!) {
        if (seen.has(next)) continue;
        seen.add(next);
        open.push(next);
      }
    }
    largest = Math.max(largest, seen.size - before);
  }
  return largest;
}
