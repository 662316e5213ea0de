// One mistake, one diagnostic: what the type checker says of a misspelt metric is said better by the check of definitions, and what a
// rule concludes from a misspelt parameter is said better by the type checker. Places are kept from whichever is more exact.
import type { Diagnostic, SourcePlace } from "./diagnostic.ts";

/** Codes that say in the field's words what the type checker says in its own. */
const betterWorded =
  /^(unknown-(metric|factor|level|series|column|parameter)|rounds-as-replicates|bad-|empty-|unequal-zip|duplicate-|not-hashable-value|space-as-value|no-metrics|no-primary|not-an-experiment|undeclared-metric|unreturned-metric|circular-)/;

/** Leaves out the diagnostics that only repeat another. */
export function withoutEchoes(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const typeErrors = diagnostics.filter(({ code }) => code === "type-error");
  const dropped = new Set<Diagnostic>();
  const moved = new Map<Diagnostic, Diagnostic>();
  for (const error of typeErrors) {
    const better = diagnostics.find((other) => saysTheSame(other, error));
    if (better === undefined) continue;
    dropped.add(error);
    const isVague = better.place !== null && error.place !== null && isAround(better.place, error.place);
    if (isVague && !moved.has(better)) moved.set(better, { ...better, place: error.place });
  }
  for (const diagnostic of diagnostics) {
    if (isBehindCircle(diagnostic, diagnostics) || isBehindTrial(diagnostic, diagnostics))
      dropped.add(diagnostic);
    if (diagnostic.code === "type-error" && isAfterUnread(diagnostic, diagnostics)) dropped.add(diagnostic);
    const isEcho =
      diagnostic.code === "unread-parameter" && typeErrors.some((error) => explains(error, diagnostic));
    if (isEcho) dropped.add(diagnostic);
  }
  return diagnostics.filter((each) => !dropped.has(each)).map((each) => moved.get(each) ?? each);
}

/** Whether `inner` points at part of what `outer` marks, or `outer` at a mere point of its line. */
function isAround(outer: SourcePlace, inner: SourcePlace): boolean {
  if (outer.line !== inner.line) return false;
  const ends = [outer, inner].map(({ column, length }) => column + length);
  return outer.length === 1 || (outer.column <= inner.column && (ends[1] ?? 0) <= (ends[0] ?? 0));
}

/** A wrong shape is told of the place where the type checker stops, or of the call around it. */
const wrongShape =
  /^(bad-(definition|option|metric|replicates|range)|unknown-level|empty-sweep|not-hashable-value)$/;

function isShape(other: Diagnostic, { place }: Diagnostic): boolean {
  if (!wrongShape.test(other.code) || other.place === null || place === null) return false;
  if (other.place.line !== place.line) return false;
  const end = other.place.column + Math.max(other.place.length, 1);
  // A value stands after its key: the checker points at one of the two.
  const isBeside = /^bad-definition|^not-hashable/.test(other.code) && place.column >= other.place.column - 6;
  return (place.column >= other.place.column && place.column < end) || isBeside;
}

/** What cannot be read has no names: wherever they stand the type checker then says "never". */
function isAfterUnread(error: Diagnostic, all: readonly Diagnostic[]): boolean {
  return (
    /type 'never'|on type '\{ readonly kind: /.test(error.message) &&
    all.some(
      ({ code, place }) =>
        /^(bad-definition|bad-metric|no-metrics|not-hashable-value)$/.test(code) &&
        place?.file === error.place?.file,
    )
  );
}

/** A trial that is none is not written anywhere; a trial that returns nothing returns no metric. */
function isBehindTrial({ code, place, message }: Diagnostic, all: readonly Diagnostic[]): boolean {
  const has = (pattern: RegExp): boolean =>
    all.some((other) => other.place?.file === place?.file && pattern.test(`${other.code} ${other.message}`));
  if (code === "definition-not-literal")
    return has(/^bad-definition (The definition's trial|A definition has no key)/);
  const isReturn = code === "type-error" && /^The trial returns (nothing|an object where)/.test(message);
  return isReturn && has(/^(unreturned|undeclared)-metric/);
}

/** On one line and about one name; or a missing metric wherever it is said. */
function saysTheSame(other: Diagnostic, error: Diagnostic): boolean {
  if (!betterWorded.test(other.code) || other.place?.file !== error.place?.file) return false;
  if (isShape(other, error)) return true;
  const missing = /Property '([^']+)' is missing/.exec(error.message)?.[1];
  if (missing !== undefined && /metric$/.test(other.code)) return mentions(other, missing);
  if (missing !== undefined && /^(no-metrics|bad-definition)$/.test(other.code))
    return hasWord(`${other.message} ${other.hint ?? ""}`, missing);
  if (other.place?.line !== error.place?.line) return false;
  return namesIn(error.message).some((name) => hasWord(other.message, name));
}

/** "The trial reads "sise"" where the type checker says that there is no such parameter. */
function explains(error: Diagnostic, unread: Diagnostic): boolean {
  const near = /reads "([^"]+)"/.exec(unread.hint ?? "")?.[1];
  return (
    near !== undefined && error.place?.file === unread.place?.file && namesIn(error.message).includes(near)
  );
}

/** A circle also shows as a name used before it has a value, and as a type that refers to itself. */
function isBehindCircle({ code, place, message }: Diagnostic, all: readonly Diagnostic[]): boolean {
  const isSign =
    code === "type-error"
      ? /TS(2448|2454|7022|7023|7031|18046)/.test(message)
      : /^(callback-threw|load-failed)$/.test(code) &&
        /before initialization|of undefined|is not defined/.test(message);
  if (!isSign) return false;
  return all.some(
    (other) =>
      other.code === "circular-needs" ||
      (other.code === "circular-stages" && other.place?.file === place?.file),
  );
}

function namesIn(message: string): string[] {
  return [...message.matchAll(/'"?([^'" |]+)"?'/g)]
    .map(([, name = ""]) => name)
    .filter((name) => name !== "");
}

/** The name as a whole: a misspelt "acros" is not said by a message about what is compared across levels. */
function hasWord(message: string, name: string): boolean {
  for (let at = message.indexOf(name); at >= 0; at = message.indexOf(name, at + 1)) {
    const around = `${message[at - 1] ?? " "}${message[at + name.length] ?? " "}`;
    if (!/[\w$]/.test(around)) return true;
  }
  return false;
}

function mentions({ message, hint }: Diagnostic, name: string): boolean {
  return message.includes(`"${name}"`) || (hint ?? "").includes(`"${name}"`);
}
