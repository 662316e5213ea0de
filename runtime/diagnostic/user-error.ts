// A mistake of the person at the keyboard, or a fault of the machine under the program: told in words, without a stack.
// Thrown anywhere in the shell, caught once by the command line, which prints it and exits with its code.

export class UserError extends Error {
  /** What to do instead: the nearest valid choice or the next command; null when the message says it all. */
  readonly hint: string | null;
  readonly exitCode: number;

  constructor(
    message: string,
    options: { readonly hint?: string | undefined; readonly exitCode?: number } = {},
  ) {
    super(message);
    this.name = "UserError";
    this.hint = options.hint ?? null;
    this.exitCode = options.exitCode ?? 2;
  }
}
