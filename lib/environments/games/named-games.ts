// Two-player games with names, with the payoffs that the literature gives them most often.
import { matrixGame } from "./matrix-game.ts";

/** A prisoner's dilemma with payoffs of its own: reward, sucker, temptation, punishment. */
export function dilemmaOf({ R, S, T, P }: Readonly<Record<"R" | "S" | "T" | "P", number>>) {
  return matrixGame({
    name: "prisoners-dilemma",
    rows: ["C", "D"],
    columns: ["C", "D"],
    payoffs: [
      [
        [R, R],
        [S, T],
      ],
      [
        [T, S],
        [P, P],
      ],
    ],
  });
}

/** Mutual cooperation R = 3, temptation T = 5, sucker's payoff S = 0, mutual defection P = 1 (Axelrod 1980). */
export const prisonersDilemma = dilemmaOf({ R: 3, S: 0, T: 5, P: 1 });

export const stagHunt = matrixGame({
  name: "stag-hunt",
  rows: ["stag", "hare"],
  columns: ["stag", "hare"],
  payoffs: [
    [
      [3, 3],
      [0, 1],
    ],
    [
      [1, 0],
      [1, 1],
    ],
  ],
});

export const battleOfTheSexes = matrixGame({
  name: "battle-of-the-sexes",
  rows: ["opera", "football"],
  columns: ["opera", "football"],
  payoffs: [
    [
      [2, 1],
      [0, 0],
    ],
    [
      [0, 0],
      [1, 2],
    ],
  ],
});

/** Two cars meet: who waits lets the other go; when both go they crash. */
export const chicken = matrixGame({
  name: "chicken",
  rows: ["wait", "go"],
  columns: ["wait", "go"],
  payoffs: [
    [
      [0, 0],
      [0, 2],
    ],
    [
      [2, 0],
      [-4, -4],
    ],
  ],
});

export const matchingPennies = matrixGame({
  name: "matching-pennies",
  rows: ["heads", "tails"],
  columns: ["heads", "tails"],
  payoffs: [
    [
      [1, -1],
      [-1, 1],
    ],
    [
      [-1, 1],
      [1, -1],
    ],
  ],
});
