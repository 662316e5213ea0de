// Every environment that labwright ships passes its own attack.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Environment } from "../../lib/environments/environment/environment.ts";
import * as games from "../../lib/environments/games.ts";
import { pricingMarket } from "../../lib/environments/pricing-market.ts";
import { attack } from "./attack.ts";
import { storyOf } from "./story.ts";

const shipped: readonly unknown[] = [
  pricingMarket,
  games.publicGoods,
  ...[
    games.prisonersDilemma,
    games.stagHunt,
    games.battleOfTheSexes,
    games.chicken,
    games.matchingPennies,
  ].map((game: games.MatrixGame) => games.repeated(game)),
  ...[games.escalation, games.ultimatum, games.marketEntry, games.centipede(7), games.trustGame(3)].map(
    (game: games.SequentialGame) => games.sequential(game),
  ),
];

for (const one of shipped) {
  // Any environment, as the attack sees it.
  const environment = one as Environment;
  test(`${environment.name} keeps its rules`, () => {
    const { counterexample, coverage } = attack(environment, { runs: 60, timeMs: 30_000, seed: 3 });
    assert.is(
      counterexample,
      null,
      counterexample === null ? "" : storyOf(environment.name, counterexample).join("\n"),
    );
    assert.ok(coverage !== null && coverage.rounds > 50);
  });
}

test.run();
