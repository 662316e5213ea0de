// A table in a place of its own that scrolls sideways where there is no room, with a cue that says so. The script takes the tab stop and
// the cue away where everything fits.
import { type Html, html } from "./html.ts";

export function scrolling(name: string, table: Html, options: { readonly isTall?: boolean } = {}): Html {
  return html`<div class="table${options.isTall === true && " tall"}"><p class="cue" aria-hidden="true">more columns →</p><div class="scroll" tabindex="0" role="region" aria-label="${name}">${table}</div></div>`;
}
