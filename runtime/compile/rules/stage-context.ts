// What names in trial code come from the context that a stage is handed: `checkpoint` of `trial({ checkpoint })`, `context.effect`,
// and the same in helpers whose parameter is annotated with one of labwright's context types.
import { ts } from "../typescript/ts-morph.ts";
import { nameOf } from "./declared-value.ts";
import { bareOf, type Denoter } from "./denote.ts";
import type { Module } from "./module-graph.ts";
import { typeNamed } from "./type-names.ts";

/** Recognises what trial code of one experiment takes from the context. */
export interface StageContextNames {
  /** The member of a stage's context that an expression names ("effect", "parameters"), or null. */
  nameOf(module: Module, expression: ts.Node): string | null;
  /** Whether an expression is the context itself. */
  isWhole(module: Module, expression: ts.Node): boolean;
  /** Whether a parameter of a function is the context. */
  isParameter(module: Module, parameter: ts.ParameterDeclaration): boolean;
}

/** `functions`: those of the experiment's stages. */
export function stageContextNames(functions: ReadonlySet<ts.Node>, denoter: Denoter): StageContextNames {
  const isContext = (module: Module, parameter: ts.ParameterDeclaration): boolean => {
    const owner = parameter.parent;
    if (owner.parameters[0] === parameter && (functions.has(owner) || isStageFunction(module, owner)))
      return true;
    return parameter.type !== undefined && isContextType(module, parameter.type);
  };

  /** `stage({ run(context) {} })` and `defineExperiment({ trial(context) {} })`, wherever they stand. */
  const isStageFunction = (module: Module, owner: ts.Node): boolean => {
    const property = ts.isPropertyAssignment(owner.parent) ? owner.parent : owner;
    const literal = property.parent;
    if (!ts.isObjectLiteralExpression(literal) || !ts.isCallExpression(literal.parent)) return false;
    const denoted = denoter.of(module, literal.parent.expression);
    return (
      denoted?.kind === "package" &&
      /^(defineExperiment|stage)$/.test(denoted.path) &&
      isLabwright(denoted.module)
    );
  };

  const isContextType = (module: Module, type: ts.TypeNode): boolean => {
    if (ts.isIntersectionTypeNode(type) || ts.isUnionTypeNode(type)) {
      return type.types.some((part) => isContextType(module, part));
    }
    if (!ts.isTypeReferenceNode(type)) return false;
    if (!ts.isIdentifier(type.typeName)) return false;
    // Pick<TrialContext, "effect">, Readonly<...>
    if (type.typeArguments?.some((argument) => isContextType(module, argument)) === true) return true;
    const named = typeNamed(denoter.graph, module, type.typeName.text);
    if (named?.kind === "package") return isLabwright(named.name) && /Context$/.test(named.type);
    return named?.kind === "declared" && ts.isTypeAliasDeclaration(named.node)
      ? isContextType(named.module, named.node.type)
      : false;
  };

  const isContextExpression = (module: Module, expression: ts.Node): boolean => {
    const bare = bareOf(expression);
    if (!ts.isIdentifier(bare)) return false;
    const node = module.scopes.bindingOf(bare)?.node;
    if (node === undefined) return false;
    if (ts.isParameter(node)) return isContext(module, node);
    const isAlias =
      ts.isVariableDeclaration(node) && node.initializer !== undefined && ts.isIdentifier(node.initializer);
    return isAlias && node.initializer !== bare && isContextExpression(module, node.initializer);
  };

  const memberNamed = (module: Module, expression: ts.Node): string | null => {
    const bare = bareOf(expression);
    if (ts.isPropertyAccessExpression(bare)) {
      return isContextExpression(module, bare.expression) ? bare.name.text : null;
    }
    if (!ts.isIdentifier(bare)) return null;
    const node = module.scopes.bindingOf(bare)?.node;
    if (node === undefined || !ts.isBindingElement(node) || !ts.isObjectBindingPattern(node.parent))
      return null;
    if (node.dotDotDotToken !== undefined) return null;
    const holder = node.parent.parent;
    const fromContext = ts.isParameter(holder)
      ? isContext(module, holder)
      : ts.isVariableDeclaration(holder) &&
        holder.initializer !== undefined &&
        isContextExpression(module, holder.initializer);
    return fromContext ? nameOf(node.propertyName ?? node.name) : null;
  };
  return { nameOf: memberNamed, isWhole: isContextExpression, isParameter: isContext };
}

function isLabwright(specifier: string): boolean {
  return /^labwright(\/|$)/.test(specifier);
}
