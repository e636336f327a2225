import { allFunctions } from '../../ir/functions.js';
import { MAP_KINDS } from '../../ir/map-kinds.js';
import type { ModuleIr } from '../../ir/module.js';
import type { Expr } from '../../ir/nodes.js';
import { structOf, type CType, type Field, type StructDef } from '../../ir/types.js';
import { walkExpr, walkStmt, type Visitor } from '../../ir/walk.js';
import { declareC, structName } from './c-type.js';

/** What of the kernel a program touches: the C declares that and nothing else. */
export class KernelUses {
  readonly structs = new Map<
    string,
    { struct: StructDef | undefined; fields: Map<string, Field> }
  >();
  /** Enum type by enum value. */
  readonly enums = new Map<string, string>();
  /** DSL names of kernel functions called. */
  readonly functions = new Set<string>();
  /** Kernel functions that only exists() mentions. */
  readonly tested = new Set<string>();

  constructor(module: ModuleIr) {
    const visitor: Visitor = {
      expr: (e) => this.expr(e),
      stmt: (s) => {
        if (s.kind === 'decl' || s.kind === 'iterate') this.type(s.local.type);
      },
    };
    for (const fn of allFunctions(module)) {
      for (const param of fn.params) this.type(param.type);
      this.type(fn.returns);
      fn.body.forEach((s) => walkStmt(s, visitor));
    }
    for (const macro of module.macros) walkExpr(macro.value, visitor);
    for (const global of module.globals) {
      this.type(global.type);
      if (global.init) walkExpr(global.init, visitor);
    }
    for (const member of module.scheduler.members) walkExpr(member.value, visitor);
    for (const { type } of module.kernelVariables) this.type(type);
    for (const map of module.maps) {
      const { key } = MAP_KINDS[map.kind];
      if (key === 'task_struct' || key === 'cgroup') this.struct(key);
    }
    for (const struct of module.structs) struct.fields().forEach((f) => this.type(f.type));
  }

  /** Notes a kernel struct by name, for prototypes. */
  struct(name: string, def?: StructDef): Map<string, Field> {
    const known = this.structs.get(name);
    if (known) {
      known.struct ??= def;
      return known.fields;
    }
    const fields = new Map<string, Field>();
    this.structs.set(name, { struct: def, fields });
    return fields;
  }

  addField(def: StructDef, field: Field): void {
    const fields = this.struct(def.name, def);
    if (fields.has(field.name)) return;
    fields.set(field.name, field);
    this.type(field.type);
  }

  private type(type: CType): void {
    if (type.kind === 'ptr') this.type(type.to);
    else if (type.kind === 'array') this.type(type.of);
    else if (type.kind === 'struct' && type.struct.kernel)
      this.struct(type.struct.name, type.struct);
  }

  private expr(e: Expr): void {
    this.type(e.type);
    if (e.kind === 'member') {
      const struct = structOf(e.base.type);
      const field = struct?.kernel ? struct.field(e.field) : undefined;
      if (struct && field) this.addField(struct, field);
    } else if (e.kind === 'enum') {
      this.enums.set(e.name, e.enumName);
    } else if (e.kind === 'exists') {
      if (e.what.kind === 'enum') this.enums.set(e.what.name, e.what.enumName);
      if (e.what.kind === 'ksym') this.tested.add(e.what.name);
    } else if (e.kind === 'call' && e.callee.kind === 'kernel') {
      this.functions.add(e.callee.name);
    }
  }
}

/** Enums that are only the type of a field: they need a complete definition. */
export function fieldEnums(uses: KernelUses): string[] {
  const named = new Set(uses.enums.values());
  const out = new Set<string>();
  for (const { fields } of uses.structs.values()) {
    for (const { type } of fields.values()) {
      if (type.kind !== 'int' || !type.enumName || named.has(type.enumName)) continue;
      const wide = type.bits === 64 ? ' = 0x100000000ULL' : '';
      out.add(`enum ${type.enumName} { ${type.enumName}___unused${wide} };`);
    }
  }
  return [...out];
}

/** Kernel structs with the fields that are used, embedded ones first. */
export function kernelStructs(uses: KernelUses): string[] {
  const out: string[] = [];
  const done = new Set<string>();
  const embedded = new Set<string>();
  for (const { fields } of uses.structs.values()) {
    for (const { type } of fields.values())
      if (type.kind === 'struct') embedded.add(type.struct.name);
  }
  const define = (name: string): void => {
    if (done.has(name)) return;
    done.add(name);
    const entry = uses.structs.get(name);
    if (!entry) return;
    for (const field of entry.fields.values()) {
      const inner = field.type.kind === 'array' ? field.type.of : field.type;
      if (inner.kind === 'struct') define(inner.struct.name);
    }
    // Volatile, as clang would else make one load of x = a ? a->f : map_value->g, through either pointer:
    // the verifier wants each load to see one kind of pointer (save_aux_ptr_type() in kernel/bpf/verifier.c).
    const lines = [...entry.fields.values()].map((f) => {
      // Bitfields keep their width: CO-RE then knows to shift and mask.
      const bits = f.bits ? ` : ${f.bits}` : '';
      // CO-RE takes an enum field for a field of that enum only.
      const text =
        f.type.kind === 'int' && f.type.enumName
          ? `enum ${f.type.enumName} ${f.name}`
          : declareC(f.type, f.type.kind === 'ptr' ? `volatile ${f.name}` : f.name);
      return `\t${f.type.kind === 'int' || f.type.kind === 'bool' ? 'volatile ' : ''}${text}${bits};`;
    });
    const keyword = entry.struct?.keyword ?? 'struct';
    // clang crashes on the address of an embedded struct without fields.
    if (lines.length === 0 && embedded.has(name)) lines.push('\tu8 scxts_unused;');
    out.push(
      `${keyword} ${structName(name)} {${lines.length ? `\n${lines.join('\n')}\n` : ''}} __attribute__((preserve_access_index));`,
    );
  };
  const forward = [...uses.structs.keys()].map(
    (name) => `${uses.structs.get(name)?.struct?.keyword ?? 'struct'} ${structName(name)};`,
  );
  // Iterators of loops are opaque objects, defined with the loops; bpf_iter_meta has fields.
  for (const [name, { fields }] of uses.structs)
    if (!name.startsWith('bpf_iter_') || fields.size > 0) define(name);
  return [...(forward.length ? [forward.join('\n')] : []), ...out];
}
