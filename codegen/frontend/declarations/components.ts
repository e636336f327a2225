import { ts } from 'ts-morph';
import { sameComponentName } from '../../diagnostics/catalogue/components.js';
import { nameTooLong, unsupportedState } from '../../diagnostics/catalogue/state.js';
import type { ComponentIr } from '../../ir/module.js';
import type { ComponentEntity, Frontend } from '../context.js';
import type { FunctionNode } from '../functions.js';
import { spanOf } from '../program.js';
import { userspaceHalf } from './userspace.js';

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

function stringOf(
  literal: ts.ObjectLiteralExpression,
  name: string,
): ts.StringLiteralLike | undefined {
  const found = property(literal, name);
  return found && ts.isPropertyAssignment(found) && ts.isStringLiteralLike(found.initializer)
    ? found.initializer
    : undefined;
}

const MEMBERS = new Set(['name', 'userspace', 'ops', 'api']);

/** `export const x = component({ name, userspace, ops, api })`. */
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
  const name = stringOf(literal, 'name');
  if (name && !/^[A-Za-z_]\w{0,63}$/.test(name.text))
    fe.report(nameTooLong(spanOf(name), name.text));
  for (const member of literal.properties) {
    const plain =
      (ts.isPropertyAssignment(member) || ts.isMethodDeclaration(member)) &&
      MEMBERS.has(member.name.getText());
    if (!plain)
      fe.report(
        unsupportedState(
          spanOf(member),
          'a member that component() does not have',
          `it has ${[...MEMBERS].join(', ')}; callbacks go into ops, functions for schedulers into api`,
        ),
      );
  }
  for (const group of ['ops', 'api'])
    if (property(literal, group) && !objectOf(literal, group))
      fe.report(
        unsupportedState(spanOf(literal), `'${group}'`, `write it out: ${group}: { name() { } }`),
      );
  fe.entities.set(symbol, {
    kind: 'component',
    component: { name: name?.text ?? symbol.name, symbol, literal },
  });
}

/** The `component({...})` calls of a file. */
export function componentCalls(
  fe: Frontend,
  file: ts.SourceFile,
): { name: string; call: ts.CallExpression }[] {
  return file.statements.flatMap((statement) => {
    if (!ts.isVariableStatement(statement)) return [];
    return statement.declarationList.declarations.flatMap(({ name, initializer }) => {
      if (!initializer || !ts.isCallExpression(initializer)) return [];
      if (fe.calledBuiltin(initializer) !== 'component') return [];
      const literal = initializer.arguments[0];
      const stated =
        literal && ts.isObjectLiteralExpression(literal) ? stringOf(literal, 'name') : undefined;
      return [{ name: stated?.text ?? name.getText(), call: initializer }];
    });
  });
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

/** Functions of a component's api, in the order of its source. */
export function componentApis(component: ComponentEntity): FunctionNode[] {
  return (objectOf(component.literal, 'api')?.properties ?? []).flatMap(
    (p) => componentApi(component, p.name?.getText() ?? '') ?? [],
  );
}

/** The components that `use: [a, b]` names. */
export function usedComponents(fe: Frontend, node: ts.Expression): ComponentEntity[] {
  if (!ts.isArrayLiteralExpression(node)) {
    fe.report(unsupportedState(spanOf(node), 'use', 'list the components: use: [a, b]'));
    return [];
  }
  const byName = new Map<string, ComponentEntity>();
  for (const element of node.elements) {
    const symbol = fe.symbolOf(ts.isPropertyAccessExpression(element) ? element.name : element);
    const entity = symbol && fe.entities.get(symbol);
    if (entity?.kind !== 'component') {
      if (entity?.kind !== 'error')
        fe.report(
          unsupportedState(spanOf(element), 'this component', 'use: takes what component() gave'),
        );
      continue;
    }
    const { component } = entity;
    const other = byName.get(component.name);
    if (other)
      fe.report(
        sameComponentName(
          spanOf(element),
          component.name,
          fe.nameOfFile(other.literal),
          fe.nameOfFile(component.literal),
        ),
      );
    else byName.set(component.name, component);
  }
  return [...byName.values()];
}

/** What the later stages need to know of a component. */
export function componentIr(fe: Frontend, component: ComponentEntity): ComponentIr {
  const specifier = stringOf(component.literal, 'userspace');
  const userspace = specifier && userspaceHalf(fe, component.name, specifier);
  return { name: component.name, ...(userspace ? { userspace } : {}) };
}
