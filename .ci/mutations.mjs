// The changes that mutation testing makes to a source file, found in its syntax tree. Words of messages, types and imports stay.
import ts from "typescript";

const operators = new Map([
  [ts.SyntaxKind.LessThanToken, "<="],
  [ts.SyntaxKind.LessThanEqualsToken, "<"],
  [ts.SyntaxKind.GreaterThanToken, ">="],
  [ts.SyntaxKind.GreaterThanEqualsToken, ">"],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, "!=="],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, "==="],
  [ts.SyntaxKind.AmpersandAmpersandToken, "||"],
  [ts.SyntaxKind.BarBarToken, "&&"],
  [ts.SyntaxKind.PlusToken, "-"],
  [ts.SyntaxKind.MinusToken, "+"],
  [ts.SyntaxKind.AsteriskToken, "/"],
  [ts.SyntaxKind.SlashToken, "*"],
]);

/**
 * Every change of a file: { file, line, from, to, before, after, ordinal }, where `after` takes the place of the characters from..to and
 * `ordinal` tells equal changes of one line apart.
 */
export function mutationsOf(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found = [];
  const add = (node, after) => {
    const from = node.getStart(source);
    const line = source.getLineAndCharacterOfPosition(from).line + 1;
    const before = text.slice(from, node.end);
    const ordinal = found.filter(
      (each) => each.line === line && each.before === before && each.after === after,
    ).length;
    found.push({ file, line, from, to: node.end, before, after, ordinal });
  };
  const visit = (node) => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node)) return;
    if (ts.isTypeAliasDeclaration(node)) return;
    for (const [of, after] of changesOf(node, text)) add(of, after);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function* changesOf(node, text) {
  if (ts.isBinaryExpression(node)) {
    const after = operators.get(node.operatorToken.kind);
    const joinsText =
      node.operatorToken.kind === ts.SyntaxKind.PlusToken && [node.left, node.right].some(isText);
    if (after !== undefined && !joinsText) yield [node.operatorToken, after];
  }
  if (ts.isIfStatement(node) || ts.isConditionalExpression(node)) {
    const condition = ts.isIfStatement(node) ? node.expression : node.condition;
    yield [condition, "true"];
    yield [condition, "false"];
  }
  if (ts.isNumericLiteral(node) && !ts.isEnumMember(node.parent)) yield [node, `(${node.text} + 1)`];
  if (node.kind === ts.SyntaxKind.TrueKeyword) yield [node, "false"];
  if (node.kind === ts.SyntaxKind.FalseKeyword) yield [node, "true"];
  if (ts.isReturnStatement(node) && node.expression !== undefined && !ts.isLiteralExpression(node.expression))
    yield [node, "return undefined;"];
  // A call whose value nobody takes is there for what it does.
  if (ts.isExpressionStatement(node) && isCall(node.expression)) yield [node, ";"];
  if (ts.isAwaitExpression(node)) yield [node, text.slice(node.expression.getStart(), node.end)];
}

function isCall(node) {
  return ts.isCallExpression(node) || (ts.isAwaitExpression(node) && isCall(node.expression));
}

function isText(node) {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
}
