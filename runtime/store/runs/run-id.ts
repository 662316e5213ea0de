// Names of runs: `r0007-quiet-otter`. The number sorts and is enough to type; the two words keep a number that was used again after
// `lab clean` from being taken for the run that had it before.
import { createHash } from "node:crypto";

const adjectives =
  "amber ample brave brisk calm clear crisp deft eager early even fair fleet fond fresh gentle glad gold grand green honest keen kind late lean light lively loyal mellow mild neat noble open pale plain prime proud quick quiet rapid rare ready red ripe round sage sharp silver sleek slow smooth snug soft solid spry still sunny swift tidy true vivid warm wide".split(
    " ",
  );
const animals =
  "ant auk badger bear beaver bee bison boar carp cat civet cod colt crab crane crow deer dove duck eagle eel egret elk ermine ewe falcon finch fox frog gecko goat goose gull hare hawk hen heron ibex ibis jay kite koi lark lemur lion lynx marten mole moth newt otter owl ox perch pike plover quail raven robin seal shrew snipe".split(
    " ",
  );

/** The id after `existing`; `salt` decides the words. */
export function runIdAfter(existing: readonly string[], salt: string): string {
  const numbers = existing.map((id) => Number.parseInt(id.slice(1), 10)).filter(Number.isFinite);
  const number = Math.max(0, ...numbers) + 1;
  const [first, second] = createHash("sha256").update(salt).digest();
  return `r${String(number).padStart(4, "0")}-${adjectives[first! % adjectives.length]}-${animals[second! % animals.length]}`;
}

/** Whether a folder's name is a run's id. */
export function isRunId(name: string): boolean {
  return /^r\d{4,}-[a-z]+-[a-z]+$/.test(name);
}
