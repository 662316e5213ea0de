// Text that a file can hold and a reader can see: a level may hold any character, and XML forbids some of them.

/**
 * The text with control characters as the pictures that Unicode has for them, so that levels which differ in one still look different.
 * Tabs and line ends stay; what has no picture (halves of surrogate pairs, U+FFFE, U+FFFF, C1 controls) becomes U+FFFD.
 *
 * @example visibleText("a\u0001b")  // "a\u2401b"
 */
export function visibleText(text: string): string {
  return text.replaceAll(controls, (character) => {
    const code = character.codePointAt(0)!;
    if (code === 9 || code === 10 || code === 13) return character;
    return code < 0x20 ? String.fromCodePoint(0x2400 + code) : code === 0x7f ? "\u2421" : "\ufffd";
  });
}

const controls = /[\p{Cc}\p{Cs}\ufffe\uffff]/gu;
