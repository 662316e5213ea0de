// One text for all code that means the same: no comments, types, formatting or names of locals.
import { type TransformOptions, transform } from "esbuild";

/**
 * Canonical text of a piece of TypeScript or JavaScript: parsed, printed without white space, locals renamed.
 * `scope: "module"` renames top-level names too. Throws esbuild's error when the code does not parse.
 */
export async function canonicalCode(code: string, scope: "module" | "declaration"): Promise<string> {
  const options: TransformOptions = {
    loader: "ts",
    minifyWhitespace: true,
    minifyIdentifiers: true,
    legalComments: "none",
    target: "esnext",
    ...(scope === "module" ? { format: "esm" as const } : {}),
  };
  // esbuild chooses short names by how often each letter occurs in the source, comments and types among it. Printing its own
  // output once more takes that influence out: by then only code and short names are left.
  const once = await transform(code, options);
  return (await transform(once.code, options)).code;
}
