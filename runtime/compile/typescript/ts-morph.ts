// The one door to ts-morph: the same names, loaded from V8's kept code and without Node's search for CommonJS export names, which
// together take two thirds off its 0.3 s.
import { createRequire } from "node:module";
import path from "node:path";
import type * as TsMorph from "ts-morph";
import { compiledRequire } from "./compiled-require.ts";

export type { CallExpression, ObjectLiteralExpression, SourceFile } from "ts-morph";

const main = createRequire(import.meta.url).resolve("ts-morph");
const compiled = compiledRequire({
  from: import.meta.url,
  // node_modules/ts-morph/dist/ts-morph.js -> node_modules/.cache/labwright
  folder: path.resolve(path.dirname(main), "../../.cache/labwright"),
  large: ["ts-morph/dist/ts-morph.js", "common/dist/ts-morph-common.js", "common/dist/typescript.js"],
});
// ts-morph's own declarations describe what its main module exports.
const loaded = compiled("ts-morph") as typeof TsMorph;

/** Keeps ts-morph's compiled code for the next process, once. */
export const keepCompiled = compiled.keep;

export const { Node, Project, ts } = loaded;
export type Node = TsMorph.Node;
export type Project = TsMorph.Project;

/** The types of the compiler that are used here. */
export declare namespace ts {
  export type ArrowFunction = TsMorph.ts.ArrowFunction;
  export type BinaryExpression = TsMorph.ts.BinaryExpression;
  export type BindingElement = TsMorph.ts.BindingElement;
  export type BindingName = TsMorph.ts.BindingName;
  export type Block = TsMorph.ts.Block;
  export type CallExpression = TsMorph.ts.CallExpression;
  export type ClassDeclaration = TsMorph.ts.ClassDeclaration;
  export type ElementAccessExpression = TsMorph.ts.ElementAccessExpression;
  export type ExportDeclaration = TsMorph.ts.ExportDeclaration;
  export type ExportSpecifier = TsMorph.ts.ExportSpecifier;
  export type Expression = TsMorph.ts.Expression;
  export type ExpressionStatement = TsMorph.ts.ExpressionStatement;
  export type ForOfStatement = TsMorph.ts.ForOfStatement;
  export type FunctionDeclaration = TsMorph.ts.FunctionDeclaration;
  export type FunctionExpression = TsMorph.ts.FunctionExpression;
  export type FunctionLikeDeclaration = TsMorph.ts.FunctionLikeDeclaration;
  export type HasModifiers = TsMorph.ts.HasModifiers;
  export type Identifier = TsMorph.ts.Identifier;
  export type ImportClause = TsMorph.ts.ImportClause;
  export type ImportDeclaration = TsMorph.ts.ImportDeclaration;
  export type ImportSpecifier = TsMorph.ts.ImportSpecifier;
  export type MethodDeclaration = TsMorph.ts.MethodDeclaration;
  export type NewExpression = TsMorph.ts.NewExpression;
  export type Node = TsMorph.ts.Node;
  export type ObjectLiteralExpression = TsMorph.ts.ObjectLiteralExpression;
  export type ParameterDeclaration = TsMorph.ts.ParameterDeclaration;
  export type ParseConfigFileHost = TsMorph.ts.ParseConfigFileHost;
  export type PropertyAccessExpression = TsMorph.ts.PropertyAccessExpression;
  export type PropertyAssignment = TsMorph.ts.PropertyAssignment;
  export type PropertyDeclaration = TsMorph.ts.PropertyDeclaration;
  export type PropertyName = TsMorph.ts.PropertyName;
  export type PropertySignature = TsMorph.ts.PropertySignature;
  export type ReturnStatement = TsMorph.ts.ReturnStatement;
  export type SourceFile = TsMorph.ts.SourceFile;
  export type Statement = TsMorph.ts.Statement;
  export type StringLiteral = TsMorph.ts.StringLiteral;
  export type SyntaxKind = TsMorph.ts.SyntaxKind;
  export type TypeNode = TsMorph.ts.TypeNode;
  export type TypeReferenceNode = TsMorph.ts.TypeReferenceNode;
  export type VariableDeclaration = TsMorph.ts.VariableDeclaration;
  export type VariableDeclarationList = TsMorph.ts.VariableDeclarationList;
}
