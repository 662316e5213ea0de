// The one question that rules put to the type checker: does this call give a promise? Asked of the native compiler's programming
// interface, opened on the first question only (0.3 s for twenty experiments), because syntax answers almost all.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { API, type Project } from "ts7/unstable/sync";
import { checkSettings } from "../check/check-types.ts";
import { ts } from "../typescript/ts-morph.ts";
import { bareOf } from "./denote.ts";

export interface PromiseChecker {
  /** True when every signature of what is called gives a promise; false when it does not, or cannot be told. */
  isPromise(call: ts.Node): boolean;
  close(): void;
}

/** `files`, relative to `root`, are checked with whatever they import, as `lab build` checks them. */
export function promiseChecker(of: {
  readonly root: string;
  readonly files: readonly string[];
}): PromiseChecker {
  // Undefined until the first question; null where there is no native compiler.
  let opened: { readonly api: API; readonly project: Project | null } | null | undefined;
  return {
    isPromise(call) {
      const name = calledName(call);
      if (name === null) return false;
      if (opened === undefined) opened = open(of);
      const project = opened?.project ?? null;
      return project !== null && givesPromise(project, name);
    },
    close() {
      opened?.api.close();
    },
  };
}

function open({ root, files }: { readonly root: string; readonly files: readonly string[] }) {
  const folder = path.join(root, ".lab", "tmp");
  const tsconfig = path.join(folder, `rules-${process.pid}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(tsconfig, JSON.stringify(checkSettings(root, folder, files)));
  try {
    const api = new API({ cwd: root });
    const snapshot = api.updateSnapshot({ openProjects: [tsconfig] });
    return { api, project: snapshot.getProject(tsconfig) ?? snapshot.getProjects()[0] ?? null };
  } catch {
    // A machine without the native compiler: the rule keeps to what syntax shows.
    return null;
  } finally {
    rmSync(tsconfig, { force: true });
  }
}

/** The name whose type is the function: `f` of `f()`, `b` of `a.b()`. */
function calledName(call: ts.Node): ts.Node | null {
  if (!ts.isCallExpression(call)) return null;
  const callee = bareOf(call.expression);
  if (ts.isIdentifier(callee)) return callee;
  return ts.isPropertyAccessExpression(callee) ? callee.name : null;
}

function givesPromise({ checker, program }: Project, name: ts.Node): boolean {
  const source = name.getSourceFile();
  // JavaScript with declarations of its own beside it is not part of the program: its declarations are.
  if (program.getSourceFileMetadata(source.fileName) === undefined) return false;
  const type = checker.getTypeAtPosition(source.fileName, name.getStart(source));
  if (type === undefined) return false;
  // 0 is SignatureKind.Call, whose enum exists at run time only.
  const signatures = checker.getSignaturesOfType(type, 0);
  return (
    signatures.length > 0 &&
    signatures.every((signature) => {
      const returned = checker.getReturnTypeOfSignature(signature);
      return returned !== undefined && /(^|\| )Promise(Like)?</.test(checker.typeToString(returned));
    })
  );
}
