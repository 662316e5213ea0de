// The frame that all pages have: one file, nothing fetched, styles and script inside.
import { type Html, html, trusted } from "./html.ts";
import { script } from "./script.ts";
import { style } from "./style/style.ts";

export interface DocumentParts {
  readonly title: string;
  /** "labwright 0.1.0"; null where the version is not known. */
  readonly generator: string | null;
  /** Where the skip link leads: an id without its hash. */
  readonly skipTo: string;
  readonly bar: Html | null;
  readonly main: Html;
  readonly footer: Html | null;
}

export function documentOf({ title, generator, skipTo, bar, main, footer }: DocumentParts): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${generator !== null && html`<meta name="generator" content="${generator}">`}
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${title}</title>
<style>${trusted(style)}</style>
</head>
<body>
<a class="skip" href="#${skipTo}">To the answer</a>
${bar}
<main class="page">
${main}
${footer !== null && html`<footer>${footer}</footer>`}
</main>
<script>${trusted(script)}</script>
</body>
</html>
`.html;
}
