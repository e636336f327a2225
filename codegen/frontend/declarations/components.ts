import { ts } from 'ts-morph';
import { unsupportedState } from '../../diagnostics/catalogue/state.js';
import type { ComponentEntity, Frontend } from '../context.js';
import type { FunctionNode } from '../functions.js';
import { spanOf } from '../program.js';

/** Members of an object literal by name. */
function property(
  literal: ts.ObjectLiteralExpression,
  name: string,
): ts.ObjectLiteralElementLike | undefined {
  return literal.properties.find((p) => p.name?.getText() === name);
}

function objectOf(
  literal: ts.ObjectLiteralExpression,
  name: string,
): ts.ObjectLiteralExpression | undefined {
  const found = property(literal, name);
  return found && ts.isPropertyAssignment(found) && ts.isObjectLiteralExpression(found.initializer)
    ? found.initializer
    : undefined;
}

/** `export const x = component({ name, ops, api })`. */
export function declareComponent(
  fe: Frontend,
  symbol: ts.Symbol,
  _name: string,
  call: ts.CallExpression,
): void {
  const literal = call.arguments[0];
  if (!literal || !ts.isObjectLiteralExpression(literal)) {
    fe.report(
      unsupportedState(
        spanOf(call),
        'component() without an object literal',
        "component({ name: 'x', ops: { ... } })",
      ),
    );
    fe.entities.set(symbol, { kind: 'error' });
    return;
  }
  fe.entities.set(symbol, {
    kind: 'component',
    component: { name: componentName(literal) ?? symbol.name, symbol, literal },
  });
}

function componentName(literal: ts.ObjectLiteralExpression): string | undefined {
  const name = property(literal, 'name');
  return name && ts.isPropertyAssignment(name) && ts.isStringLiteralLike(name.initializer)
    ? name.initializer.text
    : undefined;
}

/** Name of the component that a file defines, if it does: its state goes under that name. */
export function componentOfFile(fe: Frontend, file: ts.SourceFile): string | undefined {
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { initializer } of statement.declarationList.declarations) {
      if (
        fe.calledBuiltin(initializer) !== 'component' ||
        !initializer ||
        !ts.isCallExpression(initializer)
      )
        continue;
      const literal = initializer.arguments[0];
      if (literal && ts.isObjectLiteralExpression(literal)) return componentName(literal);
    }
  }
  return undefined;
}

/** Callbacks that a component adds, in the order of its source. */
export function componentOps(component: ComponentEntity): ts.ObjectLiteralElementLike[] {
  return [...(objectOf(component.literal, 'ops')?.properties ?? [])];
}

/** A function of a component's api, by name. */
export function componentApi(component: ComponentEntity, name: string): FunctionNode | undefined {
  const api = objectOf(component.literal, 'api');
  const found = api && property(api, name);
  if (found && ts.isMethodDeclaration(found)) return found;
  const value = found && ts.isPropertyAssignment(found) ? found.initializer : undefined;
  return value && (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) ? value : undefined;
}

/** The components that `use: [a, b]` names. */
export function usedComponents(fe: Frontend, node: ts.Expression): ComponentEntity[] {
  if (!ts.isArrayLiteralExpression(node)) {
    fe.report(unsupportedState(spanOf(node), 'use', 'list the components: use: [a, b]'));
    return [];
  }
  return node.elements.flatMap((element) => {
    const symbol = fe.symbolOf(ts.isPropertyAccessExpression(element) ? element.name : element);
    const entity = symbol && fe.entities.get(symbol);
    if (entity?.kind === 'component') return [entity.component];
    if (entity?.kind !== 'error')
      fe.report(
        unsupportedState(spanOf(element), 'this component', 'use: takes what component() gave'),
      );
    return [];
  });
}
