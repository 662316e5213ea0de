// Errors that are only there because `npm install` has not been run are one: the packages that package.json lists and nobody installed.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { packagesMissing } from "../../diagnostic/messages.ts";

/** The errors of a build, with one in place of those that a listed package causes by not being there. */
export function withMissingPackages(root: string, errors: readonly Diagnostic[]): readonly Diagnostic[] {
  const file = path.join(root, "package.json");
  if (!existsSync(file)) return errors;
  const text = readFileSync(file, "utf8");
  const missing = listedIn(text).filter((name) => !isInstalled(name, root));
  const [first] = missing;
  if (first === undefined) return errors;
  const caused = errors.filter(({ message }) => missing.some((name) => isAbout(message, name)));
  if (caused.length === 0) return errors;
  // What has no types because of it is no mistake of the author's; types are judged once the packages are there.
  const others = errors.filter((each) => !caused.includes(each) && each.code !== "type-error");
  const before = text.slice(0, text.indexOf(`"${first}"`)).split("\n");
  const place = {
    file: "package.json",
    line: before.length,
    column: (before.at(-1) ?? "").length + 1,
    length: first.length + 2,
  };
  return [packagesMissing({ place, packages: missing }), ...others];
}

function listedIn(text: string): readonly string[] {
  // npm's own format; what is not an object there lists nothing.
  const { dependencies, devDependencies } = JSON.parse(text);
  return [...new Set([dependencies, devDependencies].flatMap((listed) => Object.keys(Object(listed))))];
}

function isInstalled(name: string, root: string): boolean {
  for (let at = root; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, "node_modules", name, "package.json"))) return true;
    if (path.dirname(at) === at) return false;
  }
}

/** Compilers quote what they look for; types of "node" are in @types/node. */
function isAbout(message: string, name: string): boolean {
  const asked = name.replace(/^@types\//, "");
  return ['"', "'"].some((quote) =>
    [quote, "/"].some((after) => message.includes(`${quote}${asked}${after}`)),
  );
}
