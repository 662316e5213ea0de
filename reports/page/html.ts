// HTML as a value of its own type, so that text from users is escaped by construction: whatever is not already Html is
// escaped when it enters a template. Lists are joined, null and false leave nothing.

import { visibleText } from "../design/visible-text.ts";

/** Text that is safe to put into a page. */
export interface Html {
  readonly html: string;
}

export type HtmlPart = Html | string | number | null | false | readonly HtmlPart[];

/**
 * Builds Html; every plain string among the parts is escaped.
 *
 * @example html`<p>${"a < b"}</p>`.html  // "<p>a &lt; b</p>"
 */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  let text = strings[0]!;
  parts.forEach((part, i) => {
    text += textOf(part) + strings[i + 1]!;
  });
  return { html: text };
}

/** Text that is known to be safe: our own styles, script and drawings. */
export function trusted(text: string): Html {
  return { html: text };
}

export function escapeHtml(text: string): string {
  return visibleText(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

function textOf(part: HtmlPart): string {
  if (part === null || part === false) return "";
  if (typeof part === "string") return escapeHtml(part);
  if (typeof part === "number") return String(part);
  if ("html" in part) return part.html;
  return part.map(textOf).join("");
}
