// The files of the page itself, as the build has bundled them beside this module's compiled self. Every address of the page is answered with
// the same document, which looks at the address.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const types: Readonly<Record<string, string>> = {
  "/page.js": "text/javascript; charset=utf-8",
  "/page.css": "text/css; charset=utf-8",
  "/icon.svg": "image/svg+xml",
};

export interface PageFile {
  readonly bytes: Buffer;
  readonly type: string;
}

/** The file of an address: a bundled one by its name, else the document. */
export function pageFileOf(path: string): PageFile {
  const type = types[path];
  const name = type === undefined ? "index.html" : path.slice(1);
  return { bytes: readFileSync(pagePath(name)), type: type ?? "text/html; charset=utf-8" };
}

function pagePath(name: string): string {
  return fileURLToPath(new URL(`../page/${name}`, import.meta.url));
}
