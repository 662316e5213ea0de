// The door to games: `import { prisonersDilemma, repeated, titForTat } from "labwright/environments/games"`.
export {
  type DilemmaPayoffs,
  type MatchOptions,
  type MatchResult,
  playMatch,
  playRepeated,
  type RepeatedOptions,
  type RepeatedResult,
} from "./games/match.ts";
export { type MatrixGame, matrixGame, repeated } from "./games/matrix-game.ts";
export {
  battleOfTheSexes,
  chicken,
  matchingPennies,
  prisonersDilemma,
  stagHunt,
} from "./games/named-games.ts";
export { type Equilibrium, nashEquilibria } from "./games/nash.ts";
export {
  type LastRound,
  type Move,
  type Player,
  type Strategy,
  strategyAgent,
} from "./games/player.ts";
export { publicGoods } from "./games/public-goods.ts";
export {
  centipede,
  escalation,
  type GameNode,
  marketEntry,
  type SequentialGame,
  type SubgamePerfectPlay,
  sequential,
  sequentialGame,
  subgamePerfectPlay,
  trustGame,
  ultimatum,
} from "./games/sequential-game.ts";
export {
  alternator,
  antiTitForTat,
  bully,
  cooperator,
  cyclerCCD,
  defector,
  deterministicStrategies,
  firstByDavis,
  generousTitForTat,
  grudger,
  hardTitForTat,
  joss,
  type MemoryOne,
  memoryOne,
  punisher,
  randomly,
  suspiciousTitForTat,
  titFor2Tats,
  titForTat,
  twoTitsForTat,
  winStayLoseShift,
  zeroDeterminant,
} from "./games/strategies.ts";
