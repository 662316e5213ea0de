"""Trains a player of one-pile Nim by self-play, with one of three representations of the pile.

Standard library only. Reads its settings from --config, writes one line a round to rounds.jsonl, the values it has learnt to models/,
what was played in each round to action_logs/, and its final metrics to metrics.json. A killed run goes on from the state in --checkpoint.
"""

import argparse
import json
import math
import os
import random

PILE = 20
TAKE = 3


def features(pile, kind):
    """What the learner sees of a pile: `boolean` one bit a size, `embedding` the remainder by four, `multi_encoder` both at once."""
    if kind == "boolean":
        return [pile]
    if kind == "embedding":
        return [100 + pile % 4]
    return [pile, 100 + pile % 4]


class Learner:
    def __init__(self, kind, rate, rng):
        self.kind, self.rate, self.rng = kind, rate, rng
        self.weights = {}

    def value(self, pile):
        """The chance of the player to move, as the learner sees it."""
        if pile == 0:
            return 0.0
        total = sum(self.weights.get(f, 0.0) for f in features(pile, self.kind))
        return 1 / (1 + math.exp(-total))

    def move(self, pile, explore):
        moves = range(1, min(TAKE, pile) + 1)
        if self.rng.random() < explore:
            return self.rng.choice(moves)
        return min(moves, key=lambda take: (self.value(pile - take), self.rng.random()))

    def learn(self, pile, outcome):
        step = self.rate * (outcome - self.value(pile))
        for f in features(pile, self.kind):
            self.weights[f] = self.weights.get(f, 0.0) + step


def episode(learner, explore):
    pile, seen = PILE - learner.rng.randrange(8), []
    while pile > 0:
        seen.append(pile)
        pile -= learner.move(pile, explore)
    for back, at in enumerate(reversed(seen)):
        learner.learn(at, 1.0 if back % 2 == 0 else 0.0)
    return seen


def validate(learner, games):
    """Share of games won against a player at random, moving second half of the time."""
    won = 0
    for game in range(games):
        pile, turn = PILE - learner.rng.randrange(8), game % 2
        while pile > 0:
            pile -= learner.move(pile, 0) if turn == 0 else learner.rng.randint(1, min(TAKE, pile))
            turn = 1 - turn
        won += turn == 1
    return won / games


def save(path, content):
    with open(path + ".part", "w") as file:
        json.dump(content, file)
    os.replace(path + ".part", path)


def main():
    parser = argparse.ArgumentParser(description="Trains a player of Nim by self-play.")
    parser.add_argument("--config", default="hyperparams_config.json", help="settings as JSON")
    parser.add_argument("--checkpoint", default="checkpoint", help="folder for the state of a run under way")
    parser.add_argument("--learning-rate", type=float, default=0.2, help="step of the learner")
    parser.add_argument("--network-type", choices=["boolean", "embedding", "multi_encoder"], default=None)
    arguments = parser.parse_args()
    with open(arguments.config) as file:
        config = json.load(file)
    training = config["training"]
    kind = arguments.network_type or config["network_type"]
    learner = Learner(kind, arguments.learning_rate, random.Random(config["random_seed"]))
    os.makedirs("models", exist_ok=True)
    os.makedirs("action_logs", exist_ok=True)
    os.makedirs(arguments.checkpoint, exist_ok=True)
    state_path = os.path.join(arguments.checkpoint, "state.json")
    rows = []
    if os.path.exists(state_path):
        with open(state_path) as file:
            state = json.load(file)
        rows = state["rows"]
        learner.weights = {int(key): value for key, value in state["weights"].items()}
        version, numbers, gauss = state["random"]
        learner.rng.setstate((version, tuple(numbers), gauss))
        print(f"goes on after round {len(rows)}")
    else:
        save("models/model_initial.json", learner.weights)
    with open("rounds.jsonl", "w") as log:
        for row in rows:
            log.write(json.dumps(row) + "\n")
        for number in range(len(rows) + 1, training["rounds"] + 1):
            with open(f"action_logs/metrics_round_{number}_selfplay.jsonl", "w") as actions:
                for _ in range(training["eps_per_round"]):
                    piles = episode(learner, explore=0.2)
                    actions.write(json.dumps({"round": number, "piles": piles, "first_player_won": len(piles) % 2 == 1}) + "\n")
            row = {"round": number, "winRate": validate(learner, training["validation_games"])}
            rows.append(row)
            log.write(json.dumps(row) + "\n")
            log.flush()
            save(state_path, {"rows": rows, "weights": learner.weights, "random": learner.rng.getstate()})
            print(f"round {number}: win rate {row['winRate']:.3f}")
    save("models/model_final.json", learner.weights)
    save("metrics.json", {"win_rate": rows[-1]["winRate"], "episodes": training["rounds"] * training["eps_per_round"]})


if __name__ == "__main__":
    main()
