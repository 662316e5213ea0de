// `npm run package [folder]`: the tarball that is published, in the folder (default: the current one). It is packed from a copy whose
// package.json has what an installed package needs and nothing of the checkout, and whose README speaks of no file that is not there.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const destination = resolve(process.argv[2] ?? ".");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const folder = mkdtempSync(join(tmpdir(), "labwright-pack-"));
try {
  for (const each of manifest.files) cpSync(join(root, each), join(folder, each), { recursive: true });
  // What build.mjs knows dist/ by is none of a user's business.
  rmSync(join(folder, "dist/.stamp"), { force: true });
  const { private: _, scripts: __, devDependencies: ___, ...published } = manifest;
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(published, null, 2)}\n`);
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const installed = readme.replace(/<!-- checkout -->[\s\S]*?<!-- end -->\n*/g, "");
  writeFileSync(join(folder, "README.md"), installed);
  const { status } = spawnSync("npm", ["pack", "--ignore-scripts", "--pack-destination", destination], {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"],
  });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
