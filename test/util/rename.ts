import { ts } from 'ts-morph';
import type { Random } from '../soundness/random.js';

/** Names that mean something to C, to its headers, to the kernel, to the generated file or to nobody. */
const AWKWARD = [
  ...[
    'register',
    'auto',
    'inline',
    'signed',
    'asm',
    'NULL',
    'SEC',
    'barrier',
    'likely',
    'can_loop',
    'offsetof',
  ],
  ...[
    'main',
    'memcpy',
    'errno',
    'linux',
    'unix',
    'current',
    'LICENSE',
    'min',
    'max',
    'ctx',
    'ret',
    'err',
    '__ret',
  ],
  ...[
    'rq',
    'cpumask',
    'list_head',
    'kptr',
    'jiffies',
    'schedule',
    'do_exit',
    'runqueues',
    'init_task',
    'vmlinux',
  ],
  ...[
    'array_at_',
    'array_get',
    'array_elem',
    'array_attrs',
    'object_get',
    'counter_add',
    'm_populate',
    'scxts_zero',
  ],
  ...[
    'scxts_lock',
    'scxts_cleanup_drop',
    'bpf_spin',
    '__sync_add',
    'x_set',
    'y_get',
    'z_cb',
    'w_body',
    'v_ops',
  ],
  ...[
    'größe',
    'ñ',
    '数',
    '$',
    '$$',
    '_',
    '__',
    'Ünï',
    'x1',
    'i',
    'l',
    'O0',
    'valueOf',
    'constructor',
    'toString',
  ],
];

/** The same for types, whose names are those of C and BTF too: ones that C keeps for itself are refused there. */
const FOR_TYPES = [
  ...[
    'rq',
    'cpumask',
    'list_head',
    'schedule',
    'init_task',
    'vmlinux',
    'main',
    'memcpy',
    'errno',
    'current',
  ],
  ...[
    'array_attrs',
    'm_populate',
    'x_set',
    'w_body',
    'v_ops',
    'valueOf',
    'constructor',
    'x1',
    'O0',
    'runqueues',
  ],
];

/** A name that is declared, in place of which another can stand everywhere. */
function isDeclaration(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    ((ts.isVariableDeclaration(parent) ||
      ts.isParameter(parent) ||
      ts.isFunctionDeclaration(parent) ||
      ts.isInterfaceDeclaration(parent) ||
      ts.isTypeAliasDeclaration(parent) ||
      ts.isBindingElement(parent)) &&
      parent.name === node) ||
    (ts.isLabeledStatement(parent) && parent.label === node)
  );
}

/** Where a name is one of a member, which is another's to give. */
function isMember(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    ((ts.isPropertyAssignment(parent) ||
      ts.isPropertySignature(parent) ||
      ts.isMethodDeclaration(parent) ||
      ts.isMethodSignature(parent) ||
      ts.isEnumMember(parent)) &&
      parent.name === node) ||
    (ts.isBindingElement(parent) && parent.propertyName === node) ||
    ts.isImportSpecifier(parent)
  );
}

function identifiers(file: ts.SourceFile): ts.Identifier[] {
  const found: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found.sort((a, b) => a.pos - b.pos);
}

/** Names that this file alone does not give, or that stand for something outside of it. */
function fixed(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    const bindings = statement.importClause?.namedBindings;
    if (bindings && ts.isNamedImports(bindings))
      for (const e of bindings.elements) names.add(e.name.text);
  }
  return names;
}

/**
 * The text of a program with each name that it declares changed, the same name to the same everywhere. Members keep theirs:
 * those of kernel structs have to. `keep` are names that stay. What was on a line stays there.
 */
export function rename(
  text: string,
  r: Random,
  keep: string[] = [],
): { text: string; names: Map<string, string> } {
  const file = ts.createSourceFile('program.ts', text, ts.ScriptTarget.ES2022, true);
  const all = identifiers(file);
  const taken = new Set(all.map((n) => n.text));
  const keeps = new Set([...fixed(file), ...keep]);
  const names = new Map<string, string>();
  for (const node of all) {
    if (!isDeclaration(node) || keeps.has(node.text) || names.has(node.text)) continue;
    const isType = ts.isInterfaceDeclaration(node.parent) || ts.isTypeAliasDeclaration(node.parent);
    const from = isType ? FOR_TYPES : AWKWARD;
    let name = r.pick(from);
    for (let n = 2; taken.has(name); n++) name = `${r.pick(from)}${n}`;
    taken.add(name);
    names.set(node.text, name);
  }
  let out = '';
  let at = 0;
  for (const node of all) {
    const name = names.get(node.text);
    if (name === undefined || isMember(node)) continue;
    const { parent } = node;
    // { a } is the member a, whatever the variable is called now.
    const short =
      (ts.isShorthandPropertyAssignment(parent) && parent.name === node) ||
      (ts.isBindingElement(parent) &&
        parent.name === node &&
        !parent.propertyName &&
        !parent.dotDotDotToken &&
        ts.isObjectBindingPattern(parent.parent));
    out += text.slice(at, node.getStart(file)) + (short ? `${node.text}: ${name}` : name);
    at = node.getEnd();
  }
  return { text: out + text.slice(at), names };
}
