import { ts } from 'ts-morph';
import { componentsOfOneFile } from '../../diagnostics/catalogue/components.js';
import type { Frontend } from '../context.js';
import { spanOf } from '../program.js';
import { componentCalls } from './components.js';

/**
 * To which component the state of each file belongs: a component's own file, and files that only one
 * component imports. Everything else is the scheduler's.
 */
export function componentOwners(fe: Frontend, files: ts.SourceFile[]): Map<ts.SourceFile, string> {
  const { entry } = fe.loaded;
  const owners = new Map<ts.SourceFile, string>();
  const importers = new Map<ts.SourceFile, ts.SourceFile[]>();
  for (const file of files)
    for (const target of importsOf(fe, file))
      importers.set(target, [...(importers.get(target) ?? []), file]);
  // Imported files come first in `files`: from behind, importers are known before what they import.
  for (const file of [...files].reverse()) {
    const [first, second] = componentCalls(fe, file);
    if (first && second)
      fe.report(componentsOfOneFile(spanOf(second.call), second.name, `component '${first.name}'`));
    if (file === entry) {
      if (first) fe.report(componentsOfOneFile(spanOf(first.call), first.name, 'the scheduler'));
      continue;
    }
    const of = new Set((importers.get(file) ?? []).map((i) => owners.get(i)));
    const owner = first?.name ?? (of.size === 1 ? [...of][0] : undefined);
    if (owner) owners.set(file, owner);
  }
  return owners;
}

function importsOf(fe: Frontend, file: ts.SourceFile): ts.SourceFile[] {
  return file.statements.flatMap((statement) => {
    const from =
      ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)
        ? statement.moduleSpecifier
        : undefined;
    const target = from && fe.checker.getSymbolAtLocation(from)?.valueDeclaration?.getSourceFile();
    return target ? [target] : [];
  });
}
