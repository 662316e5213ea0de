// The type check on machines without a native compiler: the TypeScript 6 inside ts-morph, with the same answer in the same shape.
import path from "node:path";
import type { TscAnswer } from "./native-tsc.ts";
import { Project, ts } from "./ts-morph.ts";

/** Checks the program of a tsconfig file, in this process. */
export function checkWithTsMorph(tsconfig: string): TscAnswer {
  // ts-morph carries the library's declarations with it; a bare program would look for them on the disk.
  const program = new Project({ tsConfigFilePath: tsconfig }).getProgram().compilerObject;
  const errors = ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const { file, start = 0 } = diagnostic;
    const at = file === undefined ? { line: 0, character: 0 } : file.getLineAndCharacterOfPosition(start);
    return {
      file: file === undefined ? null : file.fileName,
      line: at.line + 1,
      column: at.character + 1,
      tsCode: `TS${diagnostic.code}`,
      text: ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n").replace(/[.]?\s*\n\s*/g, ": "),
    };
  });
  return { errors, files: program.getSourceFiles().map(({ fileName }) => path.resolve(fileName)) };
}
