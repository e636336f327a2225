import { isBuiltin } from 'node:module';
import { ts } from 'ts-morph';
import {
  classes,
  moduleStatement,
  notInLanguage,
  npmImport,
} from '../../diagnostics/catalogue/syntax.js';
import { stateMustBeConst, unsupportedState } from '../../diagnostics/catalogue/state.js';
import { defaultNotScheduler, noDefaultExport } from '../../diagnostics/catalogue/files.js';
import type { Frontend } from '../context.js';
import { spanOf } from '../program.js';
import { STATE_CONSTRUCTORS } from './constructors.js';
import { declareGlobal } from './globals.js';
import { declareState } from './state.js';

/** Gives every module-level name of a file its meaning. Function bodies are compiled when called. */
export function declareModule(fe: Frontend, file: ts.SourceFile, component?: string): void {
  fe.componentPrefix = component;
  for (const statement of file.statements) declareStatement(fe, statement);
  fe.componentPrefix = undefined;
}

function declareStatement(fe: Frontend, node: ts.Statement): void {
  if (ts.isVariableStatement(node)) {
    for (const variable of node.declarationList.declarations)
      declareVariable(fe, variable, node.declarationList);
    return;
  }
  if (ts.isImportDeclaration(node)) return checkImport(fe, node);
  if (ts.isClassDeclaration(node)) {
    fe.report(classes(spanOf(node), 'class'));
    return;
  }
  if (ts.isModuleDeclaration(node) && hasValues(node)) {
    const hint = "put it into a file of its own: import * as limits from './limits.js'";
    fe.report(notInLanguage(spanOf(node.name), 'a namespace', hint));
    return;
  }
  const declaresOnly =
    ts.isFunctionDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isExportDeclaration(node) ||
    ts.isExportAssignment(node) ||
    ts.isEmptyStatement(node) ||
    ts.isModuleDeclaration(node);
  if (!declaresOnly) fe.report(moduleStatement(spanOf(node)));
}

/** A namespace of more than types. */
function hasValues(node: ts.ModuleDeclaration): boolean {
  if (node.modifiers?.some((m) => m.kind === ts.SyntaxKind.DeclareKeyword)) return false;
  const { body } = node;
  if (!body) return false;
  if (ts.isModuleDeclaration(body)) return hasValues(body);
  return (
    ts.isModuleBlock(body) &&
    body.statements.some((s) => !ts.isInterfaceDeclaration(s) && !ts.isTypeAliasDeclaration(s))
  );
}

function checkImport(fe: Frontend, node: ts.ImportDeclaration): void {
  if (node.importClause?.isTypeOnly) return;
  const target = fe.checker
    .getSymbolAtLocation(node.moduleSpecifier)
    ?.valueDeclaration?.getSourceFile();
  const name = node.moduleSpecifier.getText().slice(1, -1);
  // Any other module that cannot be found is TypeScript's to report.
  if (target ? !fe.isLanguageFile(target) && target.isDeclarationFile : isBuiltin(name))
    fe.report(npmImport(spanOf(node.moduleSpecifier), name));
}

function declareVariable(
  fe: Frontend,
  node: ts.VariableDeclaration,
  list: ts.VariableDeclarationList,
): void {
  if (!ts.isIdentifier(node.name)) {
    fe.report(
      unsupportedState(
        spanOf(node.name),
        'a pattern at module level',
        'declare each name on its own',
      ),
    );
    return;
  }
  const symbol = fe.resolveAlias(fe.checker.getSymbolAtLocation(node.name));
  if (!symbol) return;
  const isConst = (list.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const;
  const builtin = fe.calledBuiltin(node.initializer);
  if (
    builtin &&
    STATE_CONSTRUCTORS.has(builtin) &&
    node.initializer &&
    ts.isCallExpression(node.initializer)
  ) {
    if (!isConst) fe.report(stateMustBeConst(spanOf(node), builtin));
    declareState(fe, symbol, node.name.text, builtin, node.initializer, node);
    return;
  }
  declareGlobal(fe, symbol, node, isConst);
}

/** The `scheduler({...})` call that the entry file exports by default; undefined is reported. */
export function defaultScheduler(fe: Frontend): ts.CallExpression | undefined {
  const { entry } = fe.loaded;
  const assignment = entry.statements.find(ts.isExportAssignment);
  const named = assignment ? undefined : exportedAsDefault(entry);
  let expression: ts.Expression | undefined = assignment?.expression ?? named;
  while (
    expression &&
    (ts.isParenthesizedExpression(expression) || ts.isSatisfiesExpression(expression))
  ) {
    expression = expression.expression;
  }
  const start = expression;
  if (expression && ts.isIdentifier(expression)) {
    const symbol = named ? fe.checker.getExportSpecifierLocalTargetSymbol(expression) : undefined;
    const declaration = (symbol ?? fe.symbolOf(expression))?.valueDeclaration;
    if (declaration && ts.isVariableDeclaration(declaration)) expression = declaration.initializer;
  }
  if (!start || !expression) {
    fe.report(noDefaultExport({ file: entry.fileName, start: 0, end: 1, line: 1 }));
    return undefined;
  }
  if (fe.calledBuiltin(expression) !== 'scheduler' || !ts.isCallExpression(expression)) {
    fe.report(defaultNotScheduler(spanOf(start)));
    return undefined;
  }
  return expression;
}

/** `export { name as default };` */
function exportedAsDefault(entry: ts.SourceFile): ts.Identifier | undefined {
  for (const statement of entry.statements) {
    const clause = ts.isExportDeclaration(statement) ? statement.exportClause : undefined;
    if (!clause || !ts.isNamedExports(clause)) continue;
    const found = clause.elements.find((e) => e.name.text === 'default')?.propertyName;
    if (found && ts.isIdentifier(found)) return found;
  }
  return undefined;
}
