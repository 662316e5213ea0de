// Takes secrets out of text before it is stored or shown: the values of environment variables that look like keys, the common shapes of
// tokens wherever they come from, and what is assigned to a name such as `password`.

/** Names of environment variables whose values are never shown. */
const secretName =
  /(^|_)(KEY|KEYS|APIKEY|TOKEN|SECRET|SECRETS|PASSWORD|PASSWD|PASS|PWD|CREDENTIALS?|AUTH|COOKIE|DSN|WEBHOOK)($|_)/i;
/** Names that match the pattern above and hold nothing secret. */
const plainName = /^(PWD|OLDPWD|SSH_AUTH_SOCK|XAUTHORITY)$/;

/** Shapes that give a token away by themselves. The first group, where there is one, is kept. */
const tokenShapes: readonly RegExp[] = [
  /\bsk-(?:[a-z]+-)*[A-Za-z0-9_-]{16,}\b/g,
  /\bgh[opsur]_[A-Za-z0-9]{20,}\b/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,}\b/g,
  /\bglpat-[A-Za-z0-9_-]{16,}\b/g,
  /\bnpm_[A-Za-z0-9]{30,}\b/g,
  /\bhf_[A-Za-z0-9]{20,}\b/g,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g,
  /\bAKIA[0-9A-Z]{16}\b/g,
  /\bAIza[0-9A-Za-z_-]{35}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+/g,
  /(\bBearer\s+)[A-Za-z0-9._~+/=-]{12,}/gi,
  /(\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@]+:)[^\s/@]+(?=@)/gi,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g,
];

/** Parts of names whose values are secrets: `aws_secret_access_key`, `dbPassword`, `API-KEY`. Counts of tokens are none. */
const secretPart =
  "(?:pass(?:word|wd|phrase)|pwd|secret|token(?!s|iz)|(?:api|access|private)[_-]?key|credential)";
const assigned = `${secretPart}[\\w.-]{0,60}["'\`]?[ \\t]*(?:=>|:=|=|:)[ \\t]*`;
const quoted = `"(?:[^"\\\\\\n]|\\\\.)+"|'(?:[^'\\\\\\n]|\\\\.)+'|\`[^\`\\n]+\``;
/** Before a name in a file of settings, or in a diff of one. */
const lineStart = `^[-+ ]?[ \\t]*(?:export[ \\t]+|set[ \\t]+|-[ \\t]+)?["']?`;
const typeName = "(?:string|number|boolean|bigint|unknown|null|undefined|true|false)";

/** Assignments that give a secret away by the name: quoted values anywhere, bare ones where they are the rest of a line of settings. */
const assignments: readonly RegExp[] = [
  new RegExp(`(${assigned})(?:${quoted})`, "gi"),
  new RegExp(
    `(${lineStart}[\\w.-]{0,60}${assigned})(?!${typeName}[ \\t]*$)[^\\s"'\`(){}\\[\\];,<>]+(?=[ \\t\\r]*$)`,
    "gim",
  ),
];

const mark = "[redacted]";
/** Shorter values are too likely to be ordinary words. */
const secretLengthMin = 6;

/**
 * A function that replaces secrets in text by "[redacted]". `environment` is that of the process.
 *
 * @example
 * redactorOf({ OPENAI_API_KEY: "abc-123-def" })("sent abc-123-def") // "sent [redacted]"
 */
export function redactorOf(
  environment: Readonly<Record<string, string | undefined>>,
): (text: string) => string {
  const values = Object.entries(environment)
    .filter(
      ([name, value]) =>
        value !== undefined &&
        value.length >= secretLengthMin &&
        secretName.test(name) &&
        !plainName.test(name),
    )
    .map(([, value]) => value ?? "")
    // A secret that contains another is replaced first, or its rest would stay.
    .sort((a, b) => b.length - a.length);
  return (text) => {
    let cleaned = text;
    for (const value of values) cleaned = cleaned.replaceAll(value, mark);
    for (const shape of tokenShapes)
      cleaned = cleaned.replace(shape, (_, kept: unknown) => (typeof kept === "string" ? kept + mark : mark));
    for (const assignment of assignments) cleaned = cleaned.replace(assignment, `$1${mark}`);
    return cleaned;
  };
}
