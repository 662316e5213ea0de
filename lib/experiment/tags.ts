// Tags by which experiments are grouped, and runs as well: what one may be made of.

const tag = /^[\p{L}\p{N}][\p{L}\p{N}._:=-]{0,63}$/u;

/** In words that go on "Expected ...". */
export const tagRule = "up to 64 letters, digits and . _ : = -, the first a letter or digit";

export function isTag(value: unknown): value is string {
  return typeof value === "string" && tag.test(value);
}
