// A command as shells take it: what a message names can be pasted, and what is sent to another machine arrives as it is.

/** In quotes; of the shells of accounts, fish reads a backslash within quotes, so none stands there. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, (each) => `'\\${each}'`)}'`;
}

/** One word, in quotes where it needs them. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : shellQuoted(text);
}

export function shellLine(words: readonly string[]): string {
  return words.map(shellWord).join(" ");
}
