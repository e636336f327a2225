import type { ts } from 'ts-morph';
import { fieldInUnion, typeNameTaken } from '../diagnostics/catalogue/meaning.js';
import { keywordField } from '../diagnostics/catalogue/types.js';
import type { Field, StructDef } from '../ir/types.js';
import type { Frontend } from './context.js';
import { isKeyword, whyNotInC } from './names.js';
import { spanOf } from './program.js';

/** What the kernel sets up in a place cannot share it. */
export function checkUnion(fe: Frontend, struct: StructDef, at: ts.Node): void {
  for (const field of struct.fields()) {
    const special = specialIn(field);
    if (special) fe.report(fieldInUnion(spanOf(at), field.name, special));
  }
}

function specialIn({ type, kptr, bits }: Field): string | undefined {
  if (kptr) return 'a Kptr';
  if (bits !== undefined) return undefined;
  const held = type.kind === 'array' ? type.of : type;
  if (held.kind !== 'struct' || held.struct.kernel) return undefined;
  if (held.struct.builtin) return `a ${held.struct.name}`;
  return held.struct
    .fields()
    .map(specialIn)
    .find((s) => s !== undefined);
}

export function checkMemberName(fe: Frontend, name: string, at: ts.Node): void {
  if (isKeyword(name)) return fe.report(keywordField(spanOf(at), name));
  const why = whyNotInC(name);
  if (why) fe.report(keywordField(spanOf(at), name, why));
}

/** Types that the BPF interface or the generated file has under the same name. */
const TAKEN = /^(?:bpf|scxts)_|^scx_exit_info$|^sched_ext_ops$/;

export function checkTypeName(fe: Frontend, name: string, at: ts.Node): void {
  if (TAKEN.test(name)) fe.report(typeNameTaken(spanOf(at), name));
}
