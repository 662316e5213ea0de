// The networks have the size, degree and shape that their papers give them.

import { randomFrom } from "labwright";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { barabasiAlbert, erdosRenyi, largestPart, type Network, wattsStrogatz } from "./contact-network.ts";

const size = 400;
const ends = (network: Network) => network.reduce((sum, own) => sum + own.length, 0);
const widest = (network: Network) => Math.max(...network.map((own) => own.length));
const clustering = (network: Network) => {
  const sets = network.map((own) => new Set(own));
  const closed = (own: readonly number[]) =>
    own.flatMap((a, i) => own.slice(i + 1).filter((b) => sets[a]!.has(b))).length;
  const shares = network
    .filter((own) => own.length > 1)
    .map((own) => (2 * closed(own)) / (own.length * (own.length - 1)));
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
};

test("all three have about four neighbours a node, symmetric and without loops", () => {
  for (const network of [
    erdosRenyi(size, 4, randomFrom(1)),
    barabasiAlbert(size, 4, randomFrom(2)),
    wattsStrogatz(size, 4, 0.3, randomFrom(3)),
  ]) {
    assert.ok(Math.abs(ends(network) / size - 4) < 0.05);
    network.forEach((own, node) => {
      assert.is(new Set(own).size, own.length);
      for (const other of own) assert.ok(other !== node && network[other]!.includes(node));
    });
  }
});

test("a ring that is not rewired has the clustering of Watts and Strogatz, 3(k - 2) / 4(k - 1)", () => {
  assert.ok(Math.abs(clustering(wattsStrogatz(size, 4, 0, randomFrom(4))) - 0.5) < 1e-12);
  assert.ok(clustering(wattsStrogatz(size, 4, 1, randomFrom(5))) < 0.1);
});

test("preferential attachment makes hubs, a random network none", () => {
  assert.ok(widest(barabasiAlbert(size, 4, randomFrom(6))) > 25);
  assert.ok(widest(erdosRenyi(size, 4, randomFrom(7))) < 16);
});

test("the largest part is that of a random network: 1 - exp(-4 s) = s, so 98% of it", () => {
  const shares = Array.from({ length: 50 }, (_, i) => largestPart(erdosRenyi(size, 4, randomFrom(i))) / size);
  assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) / 50 - 0.98) < 0.005);
  assert.is(largestPart([[1], [0], [3, 4], [2], [2]]), 3);
});

test.run();
