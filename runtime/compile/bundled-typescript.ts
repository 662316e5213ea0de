// The type check on machines without a native compiler: the TypeScript 6 inside ts-morph, with the same answer in the same shape.
import path from "node:path";
import type { TscAnswer } from "./native-tsc.ts";
import { ts } from "./ts-morph.ts";

/** Checks the program of a tsconfig file, in this process. */
export function checkWithTsMorph(tsconfig: string): TscAnswer {
  const host: ts.ParseConfigFileHost = {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
      throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, ": "));
    },
  };
  const config = ts.getParsedCommandLineOfConfigFile(tsconfig, {}, host);
  if (config === undefined) throw new Error(`cannot read ${tsconfig}`);
  const program = ts.createProgram({ rootNames: config.fileNames, options: config.options });
  const errors = [...config.errors, ...ts.getPreEmitDiagnostics(program)].map((diagnostic) => {
    const { file, start = 0 } = diagnostic;
    const at = file === undefined ? { line: 0, character: 0 } : file.getLineAndCharacterOfPosition(start);
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n").replace(/[.]?\s*\n\s*/g, ": ");
    return {
      file: file === undefined ? null : file.fileName,
      line: at.line + 1,
      column: at.character + 1,
      tsCode: `TS${diagnostic.code}`,
      text,
    };
  });
  return { errors, files: program.getSourceFiles().map(({ fileName }) => path.resolve(fileName)) };
}
