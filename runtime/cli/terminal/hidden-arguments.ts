// Arguments may hold a password: what `ps` shows of the process is its command alone.

/** The memory of the arguments is what a title is written into, so nothing of them is left. */
export function hideArguments(command: string): void {
  process.title = `lab ${command}`;
}
