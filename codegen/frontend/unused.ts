import { ts } from 'ts-morph';
import { parseCType } from './builtins/c-types.js';
import type { Frontend } from './context.js';
import { componentApis } from './declarations/components.js';
import { lowerFunction } from './functions.js';

/**
 * Compiles functions that nothing calls, for their diagnostics only: a mistake in a function is
 * reported before its first caller is written. Generic ones have no types until they are called.
 */
export function compileUnused(fe: Frontend, files: ts.SourceFile[]): void {
  const compiled = new Set([...fe.instances.keys()].map((key) => key.slice(0, key.indexOf('<'))));
  for (const file of files) {
    for (const statement of file.statements) {
      if (
        !ts.isFunctionDeclaration(statement) ||
        !statement.body ||
        statement.typeParameters?.length
      )
        continue;
      if (compiled.has(`${file.fileName}:${statement.pos}`)) continue;
      // Parameters that are maps have no value to compile with.
      if (statement.parameters.some((p) => isHandle(fe, p))) continue;
      lowerFunction(fe, statement, { name: statement.name?.text ?? 'unused' });
    }
  }
  const task = parseCType({ fe }, 'struct task_struct *');
  for (const decl of fe.components.flatMap(componentApis)) {
    if (compiled.has(`${decl.getSourceFile().fileName}:${decl.pos}`)) continue;
    if (decl.typeParameters?.length) continue;
    lowerFunction(fe, decl, { name: 'unused', paramTypes: [task] });
  }
}

function isHandle(fe: Frontend, param: ts.ParameterDeclaration): boolean {
  const type = fe.checker.getTypeAtLocation(param);
  return type.getProperty('__map') !== undefined;
}
