import type { BtfType } from '../../codegen/toolchain/btf/parse.js';
import type { KeepList } from './list.js';

const isComposite = (type: BtfType): boolean => type.kind === 'struct' || type.kind === 'union';

/** Types of a kernel by what they mean for a cut: computed once. */
class Cut {
  private readonly ids = new Map<number, number>();
  /** Of function pointers with their prototypes, and these. */
  private readonly pointers = new Map<number, number>();
  private readonly out: BtfType[] = [{ id: 0, kind: 'void', name: '', size: 0, type: 0 }];
  private readonly stubs = new Map<string, number>();

  constructor(
    private readonly types: readonly BtfType[],
    private readonly keep: KeepList,
    /** Functions whose prototype is kept: those of struct_ops, kernel functions, events. */
  ) {}

  private add(type: Omit<BtfType, 'id'>): BtfType {
    const added = { ...type, id: this.out.length };
    this.out.push(added);
    return added;
  }

  /**
   * The id in the cut of a type. `inside`: of a member of a struct that is kept, where the pointers to functions that a
   * struct holds are not looked at; `prototypes` keeps them, for struct_ops.
   */
  type(id: number, prototypes: boolean): number {
    if (id === 0) return 0;
    const type = this.types[id]!;
    // A pointer to a function may be in a struct, without its parameters, and be a member of struct_ops as well.
    const ids = prototypes && this.pointsToFunction(type) ? this.pointers : this.ids;
    const known = ids.get(id);
    if (known !== undefined) return known;
    if (type.kind === 'func_proto' && !prototypes) return this.stub('function', type);
    if (isComposite(type) && type.name && !this.keep.structs.has(type.name))
      return this.stub(`${type.kind} ${type.name} ${type.size}`, type);
    const added = this.add({ ...type });
    ids.set(id, added.id);
    const inStruct = isComposite(type) && type.name ? false : prototypes;
    this.fill(added, type, inStruct || type.name.startsWith('sched_ext_ops'));
    return added.id;
  }

  private pointsToFunction(type: BtfType): boolean {
    return (
      type.kind === 'func_proto' ||
      (type.kind === 'ptr' && this.types[type.type]!.kind === 'func_proto')
    );
  }

  private fill(added: BtfType, type: BtfType, prototypes: boolean): void {
    const to = (id: number): number => this.type(id, prototypes);
    switch (type.kind) {
      case 'struct':
      case 'union':
        added.members = type.members!.map((m) => ({ ...m, type: to(m.type) }));
        break;
      case 'func_proto':
        added.params = type.params!.map((p) => ({ ...p, type: to(p.type) }));
        added.type = to(type.type);
        break;
      case 'int':
      case 'enum':
      case 'enum64':
      case 'float':
      case 'fwd':
        break;
      default:
        added.type = to(type.type);
    }
  }

  /** A struct without its members but of its size, or a function pointer's target without parameters. */
  private stub(key: string, type: BtfType): number {
    let id = this.stubs.get(key);
    if (id === undefined) {
      id = this.add(
        isComposite(type)
          ? { ...type, members: [] }
          : { kind: 'func_proto', name: '', size: 0, type: 0, params: [] },
      ).id;
      this.stubs.set(key, id);
    }
    return id;
  }

  /** Per-CPU variables whose type is kept or a scalar, in their section. */
  private section(type: BtfType): void {
    const variables = type.variables!.filter((v) => {
      let target = this.types[this.types[v.type]!.type]!;
      while (!['struct', 'union', 'int', 'ptr', 'enum', 'array'].includes(target.kind))
        target = this.types[target.type]!;
      return target.kind === 'int' || this.keep.structs.has(target.name);
    });
    this.add({
      ...type,
      variables: variables.map((v) => ({ ...v, type: this.type(v.type, false) })),
    });
  }

  run(functions: ReadonlySet<string>): BtfType[] {
    for (const type of this.types) {
      const { kind, name, id } = type;
      if (isComposite(type) && name && this.keep.structs.has(name)) this.type(id, false);
      else if (kind === 'enum' || kind === 'enum64') {
        if (type.values!.some((v) => this.keep.enumerators(v.name))) this.type(id, false);
      } else if (kind === 'func' && functions.has(name)) this.type(id, true);
      else if (kind === 'typedef' && name.startsWith('btf_trace_')) {
        if (this.keep.tracepoints(name.slice('btf_trace_'.length))) this.type(id, true);
      } else if (kind === 'datasec') this.section(type);
    }
    for (const type of this.types) {
      const target = this.ids.get(type.type);
      if (type.kind === 'decl_tag' && type.name === 'bpf_kfunc' && target !== undefined)
        this.add({ ...type, type: target });
    }
    return this.out;
  }
}

/**
 * A kernel's BTF without what programs of schedulers cannot touch. Structs outside of the list keep their name, kind and
 * size and lose their members; never FWD, since prototypes are compared by kind.
 */
export function cutBtf(
  types: readonly BtfType[],
  keep: KeepList,
  functions: ReadonlySet<string>,
): BtfType[] {
  return new Cut(types, keep).run(functions);
}
