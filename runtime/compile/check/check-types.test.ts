// Which settings a type check is made under.
import { rmSync } from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { temporaryProject } from "../testing/temporary-project.ts";
import { checkTypes } from "./check-types.ts";

test("without a tsconfig a project is checked strictly, with one as it says", async () => {
  const file = "a.experiment.ts";
  const project = temporaryProject({ [file]: "export const first: string = ([] as string[])[0];\n" });
  try {
    const codes = async (): Promise<readonly string[]> => {
      const { diagnostics, sources } = await checkTypes({ root: project.root, files: [file] });
      assert.equal(sources, [path.join(project.root, file)]);
      return diagnostics.map(({ code, place }) => `${code} ${place?.line}:${place?.column}`);
    };
    rmSync(path.join(project.root, "tsconfig.json"));
    assert.equal(await codes(), ["type-error 1:14"]);
    project.write("tsconfig.json", '{ "compilerOptions": { "strict": true, "module": "NodeNext" } }');
    assert.equal(await codes(), []);
  } finally {
    project.remove();
  }
});

test("a declaration of the project that nothing imports is known, and one of a package is not", async () => {
  const project = temporaryProject({
    "a.experiment.ts": 'import kernel from "./kernel.wasm";\nexport const bytes: Uint8Array = kernel;\n',
    "types/wasm.d.ts": 'declare module "*.wasm" {\n  const bytes: Uint8Array;\n  export default bytes;\n}\n',
    "node_modules/other/wrong.d.ts": "declare const wrong: Missing;\n",
  });
  try {
    const { diagnostics, sources } = await checkTypes({ root: project.root, files: ["a.experiment.ts"] });
    assert.equal(diagnostics, []);
    assert.equal(
      [...sources].sort(),
      ["a.experiment.ts", "types/wasm.d.ts"].map((file) => path.join(project.root, file)),
    );
  } finally {
    project.remove();
  }
});

test("more files than one process checks are checked whole, and what they share is wrong once", async () => {
  const names = Array.from({ length: 200 }, (_, index) => `e${index}.experiment.ts`);
  const project = temporaryProject({
    "shared.ts": 'export const shared: number = "one";\n',
    ...Object.fromEntries(
      names.map((name, index) => [
        name,
        `import { shared } from "./shared.ts";\nexport const own: string = ${index % 199 === 0 ? "shared" : "String(shared)"};\n`,
      ]),
    ),
  });
  try {
    const { diagnostics, sources } = await checkTypes({ root: project.root, files: names });
    assert.equal(diagnostics.map(({ place }) => `${place?.file}:${place?.line}`).sort(), [
      "e0.experiment.ts:2",
      "e199.experiment.ts:2",
      "shared.ts:1",
    ]);
    assert.is(sources.length, 201);
  } finally {
    project.remove();
  }
});

test.run();
