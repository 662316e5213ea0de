// What tsc prints becomes errors and files.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { temporaryProject } from "../testing/temporary-project.ts";
import { checkWithTsMorph } from "./bundled-typescript.ts";
import { nativeTscPath, parseTscOutput, runNativeTsc } from "./native-tsc.ts";

test("errors, continuation lines and listed files are told apart", () => {
  const output = [
    "a.experiment.ts(3,9): error TS2322: Type 'x' is not assignable.",
    "  Types of property 'y' are incompatible.",
    "error TS18003: No inputs were found.",
    "/lib/lib.es5.d.ts",
    "/project/a.experiment.ts",
    "",
  ].join("\n");
  assert.equal(parseTscOutput(output, "/project"), {
    errors: [
      {
        file: "a.experiment.ts",
        line: 3,
        column: 9,
        tsCode: "TS2322",
        text: "Type 'x' is not assignable: Types of property 'y' are incompatible.",
      },
      { file: null, line: 1, column: 1, tsCode: "TS18003", text: "No inputs were found." },
    ],
    files: ["/lib/lib.es5.d.ts", "/project/a.experiment.ts"],
  });
});

test("the native compiler and the one inside ts-morph find the same errors at the same places", async () => {
  const project = temporaryProject({
    "a.experiment.ts":
      'import { twice } from "./twice.ts";\nexport const a: string = twice(2);\nexport const b = missing;\n',
    "twice.ts": "export function twice(x: number): number {\n  return 2 * x;\n}\n",
  });
  try {
    const tsconfig = `${project.root}/tsconfig.json`;
    const tsc = nativeTscPath();
    assert.ok(tsc !== null);
    const native = await runNativeTsc({ tsc: tsc!, tsconfig, folder: project.root, fileCount: 1 });
    const bundled = checkWithTsMorph(tsconfig);
    const shown = (answer: typeof native): string[] =>
      answer.errors.map(
        ({ file, line, column, tsCode }) => `${file?.split("/").at(-1)}:${line}:${column} ${tsCode}`,
      );
    assert.equal(shown(native), ["a.experiment.ts:2:14 TS2322", "a.experiment.ts:3:18 TS2304"]);
    assert.equal(shown(bundled), shown(native));
    for (const file of ["a.experiment.ts", "twice.ts"]) {
      assert.ok(native.files.some((path) => path.endsWith(`/${file}`)));
      assert.ok(bundled.files.some((path) => path.endsWith(`/${file}`)));
    }
  } finally {
    project.remove();
  }
});

test.run();
