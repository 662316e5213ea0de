// `lab init [folder]`: makes a folder with one experiment that type-checks and runs. It never overwrites a file.
import { constants, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { UserError } from "../../diagnostic/user-error.ts";
import { labwrightVersion } from "../../version.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { say } from "../terminal/say.ts";
import { environmentExperiment, firstEnvironment } from "./init-environment.ts";
import { scriptDraft } from "./init-from/script-draft.ts";
import { firstExperiment, gitignore, tsconfig } from "./init-template.ts";

/** Files in experiments/, by template. */
const templates: Readonly<Record<"bandit" | "environment", Readonly<Record<string, string>>>> = {
  bandit: { "bandit.experiment.ts": firstExperiment },
  environment: {
    "grid-world.environment.ts": firstEnvironment,
    "grid-walk.experiment.ts": environmentExperiment,
  },
};

export const handle: CommandHandler = async ([folder = "."], options) => {
  const root = resolve(folder);
  const draft = typeof options.from === "string" ? draftIn(root, options.from) : null;
  if (draft !== null && options.template !== undefined)
    throw new UserError("--from and --template exclude each other; nothing was written");
  const template = templates[options.template === "environment" ? "environment" : "bandit"];
  const experiments =
    draft?.files ??
    Object.entries(template).map(([name, text]) => [join(root, "experiments", name), text] as const);
  const taken = [...experiments.map(([path]) => path), ...(draft?.copyTo ?? [])].find(existsSync);
  if (taken !== undefined) {
    throw new UserError(`${relative(process.cwd(), taken)} exists already; nothing was written`, {
      hint: "Run `lab run` there, or choose another folder.",
    });
  }
  for (const [path] of experiments) mkdirSync(dirname(path), { recursive: true });
  const written = [writePackage(root, typeof options.name === "string" ? options.name : basename(root))];
  for (const to of draft?.copyTo ?? []) {
    copyFileSync(draft?.script ?? to, to, constants.COPYFILE_EXCL);
    written.push(`copied ${relative(process.cwd(), to)}`);
  }
  const files: readonly (readonly [string, string])[] = [
    ...experiments,
    [join(root, "tsconfig.json"), tsconfig],
    [join(root, ".gitignore"), gitignore],
  ];
  for (const [path, text] of files) {
    if (existsSync(path)) {
      written.push(`kept ${relative(process.cwd(), path)}`);
    } else {
      writeFileSync(path, text, { flag: "wx" });
      written.push(`wrote ${relative(process.cwd(), path)}`);
    }
  }
  const enter = root === process.cwd() ? "" : `cd ${relative(process.cwd(), root)} && `;
  const isInstalled = ["labwright", "zod", "@types/node"].every((name) =>
    existsSync(join(root, "node_modules", name)),
  );
  const install = isInstalled ? "" : "npm install && ";
  const test = options.template === "environment" ? "npx lab test && " : "";
  const first =
    draft === null ? "npx lab run && npx lab report" : `npx lab build (then the lines that say "Look here")`;
  say(process.stdout, `${written.join("\n")}\n\nNext: ${enter}${install}${test}${first}`);
  return exitCode.done;
};

/** The draft goes beside a script of the project; another script is copied to experiments/, because a trial reads only what lies there. */
function draftIn(root: string, script: string) {
  const path = resolve(script);
  const { file, text } = scriptDraft(path, script);
  const folder = join(root, "experiments");
  const below = relative(root, path);
  const isBelow = !below.startsWith("..") && !isAbsolute(below);
  const files: readonly (readonly [string, string])[] = [
    [join(isBelow ? dirname(path) : folder, file), text],
  ];
  return { script: path, files, copyTo: isBelow ? [] : [join(folder, basename(path))] };
}

/** Adds what is missing to package.json and leaves everything else as it stands. */
function writePackage(root: string, name: string): string {
  const path = join(root, "package.json");
  const shown = relative(process.cwd(), path);
  const existed = existsSync(path);
  const manifest = existed ? readManifest(path, shown) : {};
  const dependencies = { labwright: `^${labwrightVersion()}`, zod: "^4.6.7", ...manifest.dependencies };
  const devDependencies = { "@types/node": "^20.19.43", ...manifest.devDependencies };
  const scripts = { lab: "lab", ...manifest.scripts };
  const named = existed ? {} : { name: packageNameOf(name), private: true };
  // What `npm install labwright` leaves in an empty folder says nothing of modules yet.
  const isBare = Object.keys(manifest).every((key) => key === "dependencies" || key === "devDependencies");
  const typed = isBare ? { type: "module" } : {};
  const merged = { ...named, ...typed, ...manifest, scripts, dependencies, devDependencies };
  if (existed && JSON.stringify(merged) === JSON.stringify(manifest)) return `kept ${shown}`;
  writeFileSync(path, `${JSON.stringify(merged, null, 2)}\n`);
  return `${existed ? "completed" : "wrote"} ${shown}`;
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

function readManifest(path: string, shown: string): Manifest {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Manifest;
  } catch {
    throw new UserError(`${shown} is not valid JSON; nothing was written`, {
      hint: "Mend it or move it away, then run `lab init` again.",
    });
  }
}

function packageNameOf(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[._-]+|-+$/g, "");
  return plain === "" ? "experiments" : plain;
}
