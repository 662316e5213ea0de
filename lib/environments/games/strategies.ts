// Strategies of the repeated prisoner's dilemma: the deterministic ones move for move as Axelrod-Python 4.13 plays them under the same
// names, and the usual stochastic ones. A strategy makes a player, who is told the moves that came out in the round before.
import type { Move, Player, Strategy } from "./player.ts";

function fixed(name: string, player: () => Player): Strategy {
  return { name, isStochastic: false, player };
}

/** A player who looks at the opponent's last move only. */
function echo(name: string, first: Move, answer: (other: Move) => Move): Strategy {
  return fixed(name, () => (_, other) => (other === null ? first : answer(other)));
}

/** A player who defects while one of the opponent's last `memory` moves was a defection. */
function retaliating(name: string, memory: number): Strategy {
  return fixed(name, () => {
    let since = memory;
    return (_, other) => {
      since = other === "D" ? 0 : since + 1;
      return since < memory ? "D" : "C";
    };
  });
}

/** A player who never forgives, but does not act on it in the first `patience` rounds. */
function unforgiving(name: string, patience: number): Strategy {
  return fixed(name, () => {
    let round = 0;
    let isBetrayed = false;
    return (_, other) => {
      isBetrayed ||= other === "D";
      round += 1;
      return isBetrayed && round > patience ? "D" : "C";
    };
  });
}

const opposite = (move: Move): Move => (move === "C" ? "D" : "C");

export const cooperator = fixed("Cooperator", () => () => "C");
export const defector = fixed("Defector", () => () => "D");
export const titForTat = echo("Tit For Tat", "C", (other) => other);
export const suspiciousTitForTat = echo("Suspicious Tit For Tat", "D", (other) => other);
export const antiTitForTat = echo("Anti Tit For Tat", "C", opposite);
export const bully = echo("Bully", "D", opposite);
export const twoTitsForTat = retaliating("Two Tits For Tat", 2);
export const hardTitForTat = retaliating("Hard Tit For Tat", 3);
export const grudger = unforgiving("Grudger", 0);
/** Cooperates ten times, then defects for ever if the opponent ever did. */
export const firstByDavis = unforgiving("First by Davis", 10);

/** Defects after two defections in a row. */
export const titFor2Tats = fixed("Tit For 2 Tats", () => {
  let defections = 0;
  return (_, other) => {
    defections = other === "D" ? defections + 1 : 0;
    return defections >= 2 ? "D" : "C";
  };
});

export const alternator = fixed("Alternator", () => (own) => (own === null ? "C" : opposite(own)));

/** C, C, D and again. */
export const cyclerCCD = fixed("Cycler CCD", () => {
  let round = 0;
  return () => (round++ % 3 === 2 ? "D" : "C");
});

/** Cooperates after both did the same, defects otherwise (Nowak and Sigmund 1993). */
export const winStayLoseShift = fixed(
  "Win-Stay Lose-Shift",
  () => (own, other) => (own === other ? "C" : "D"),
);

/** Answers a defection with defections, the longer the more of its moves the opponent has defected: at most 20 in a row. */
export const punisher = fixed("Punisher", () => {
  let round = 0;
  let defections = 0;
  let length = 1;
  let served = 1;
  let isPunishing = false;
  return (_, other) => {
    if (other === "D") defections += 1;
    const seen = round++;
    if (served >= length) {
      served = 0;
      isPunishing = false;
    }
    if (isPunishing) {
      served += 1;
      return "D";
    }
    if (other !== "D") return "C";
    length = Math.floor((defections * 20) / seen);
    isPunishing = true;
    return "D";
  };
});

/** The fifteen deterministic strategies. */
export const deterministicStrategies: readonly Strategy[] = [
  cooperator,
  defector,
  titForTat,
  titFor2Tats,
  twoTitsForTat,
  grudger,
  alternator,
  suspiciousTitForTat,
  winStayLoseShift,
  firstByDavis,
  punisher,
  cyclerCCD,
  hardTitForTat,
  bully,
  antiTitForTat,
];

/** How likely a memory-one player cooperates after each outcome, its own move first. */
export interface MemoryOne {
  readonly CC: number;
  readonly CD: number;
  readonly DC: number;
  readonly DD: number;
}

/**
 * A player who looks at the last round only. One random number a move, but for the first.
 * @throws RangeError unless the four are probabilities.
 */
export function memoryOne(name: string, cooperates: MemoryOne, first: Move = "C"): Strategy {
  for (const [outcome, p] of Object.entries(cooperates)) {
    if (!(p >= 0 && p <= 1)) {
      throw new RangeError(`strategy ${name}: expected a probability from 0 to 1 after ${outcome}, got ${p}`);
    }
  }
  return {
    name,
    isStochastic: Object.values(cooperates).some((p: number) => p > 0 && p < 1),
    player: (random) => (own, other) => {
      if (own === null || other === null) return first;
      const p =
        own === "C"
          ? other === "C"
            ? cooperates.CC
            : cooperates.CD
          : other === "C"
            ? cooperates.DC
            : cooperates.DD;
      return random.float() < p ? "C" : "D";
    },
  };
}

/** Cooperates with this probability, whatever happened, from the first move on. @throws RangeError unless it is a probability. */
export function randomly(cooperation = 0.5): Strategy {
  const p = cooperation;
  memoryOne("Random", { CC: p, CD: p, DC: p, DD: p });
  return {
    name: `Random: ${p}`,
    isStochastic: p > 0 && p < 1,
    player: (random) => () => (random.float() < p ? "C" : "D"),
  };
}

/**
 * Tit for tat that forgives a defection with probability min(1 - (T - R) / (R - S), (R - P) / (T - P)) (Nowak and Sigmund 1992): 1/3 in the
 * usual game.
 */
export function generousTitForTat(forgiveness = 1 / 3): Strategy {
  return memoryOne("Generous Tit For Tat", { CC: 1, CD: forgiveness, DC: 1, DD: forgiveness });
}

/** Tit for tat that meets cooperation with cooperation only this often (Axelrod 1980). */
export function joss(cooperation = 0.9): Strategy {
  return memoryOne("Joss", { CC: cooperation, CD: 0, DC: cooperation, DD: 0 });
}

/**
 * A zero-determinant strategy: it alone makes the long-run payoffs obey s (own - l) = other - l (Press and Dyson 2012; the form of Hilbe,
 * Nowak and Sigmund 2013, eq. 14). Extortionate with l = P and generous with l = R.
 * @example zeroDeterminant({ slope: 0.5, baseline: 1, phi: 1 / 9 }) // Extort-2 in the usual game
 * @throws RangeError where these do not give probabilities.
 */
export function zeroDeterminant(options: {
  /** s: the share of its own surplus that the opponent gets. */
  readonly slope: number;
  /** l: the payoff from which surplus is counted. */
  readonly baseline: number;
  /** How strongly it reacts, above 0. */
  readonly phi: number;
  /** R, S, T, P; 3, 0, 5, 1 unless told. */
  readonly payoffs?: { readonly R: number; readonly S: number; readonly T: number; readonly P: number };
}): Strategy {
  const { slope: s, baseline: l, phi, payoffs = { R: 3, S: 0, T: 5, P: 1 } } = options;
  const { R, S, T, P } = payoffs;
  return memoryOne(`Zero-determinant: s = ${s}, l = ${l}`, {
    CC: 1 - phi * (1 - s) * (R - l),
    CD: 1 - phi * (s * (l - S) + (T - l)),
    DC: phi * (l - S + s * (T - l)),
    DD: phi * (1 - s) * (l - P),
  });
}
