import type { BtfType } from '../../codegen/toolchain/btf/parse.js';
import type { CoreRecord } from './btf-ext.js';
import { fieldValue, localField, matchField, typesFit, type FieldValue } from './core-spec.js';
import {
  essentialName,
  isComposite,
  isEnum,
  sizeOf,
  strip,
  type TypeIndex,
  type Types,
} from './types.js';

/** enum bpf_core_relo_kind of linux/bpf.h. */
const KINDS = [
  'field offset',
  'field size',
  'field exists',
  'field signed',
  'field left shift',
  'field right shift',
  'local type id',
  'kernel type id',
  'type exists',
  'type size',
  'enum value exists',
  'enum value',
  'type matches',
] as const;
type Kind = (typeof KINDS)[number];

export interface CoreResult {
  /** In words: `field offset of task_struct.scx.dsq_vtime`. */
  readonly asked: string;
  /** undefined: the kernel has nothing of the kind, and the instruction must not be reached. */
  readonly value: bigint | undefined;
  /** Widths of the field in the object and in the kernel, where a load has to be changed. */
  readonly width?: { readonly local: number; readonly kernel: number; readonly unsigned: boolean };
}

const QUIET = new Set<Kind>([
  'field exists',
  'type exists',
  'enum value exists',
  'type matches',
  'type size',
]);

/** Answers CO-RE records of one object from one kernel's types. */
export class CoreRelocator {
  private readonly candidates = new Map<number, readonly BtfType[]>();
  private readonly done = new Map<string, CoreResult>();

  constructor(
    private readonly local: Types,
    private readonly kernel: TypeIndex,
  ) {}

  resolve(record: CoreRecord): CoreResult {
    const key = `${record.kind} ${record.type} ${record.access}`;
    let result = this.done.get(key);
    if (!result) {
      result = this.compute(record);
      this.done.set(key, result);
    }
    return result;
  }

  private compute(record: CoreRecord): CoreResult {
    const kind = KINDS[record.kind];
    const root = this.local[record.type];
    if (!kind || !root) return { asked: `CO-RE record of kind ${record.kind}`, value: undefined };
    const asked = `${kind} of ${this.name(record)}`;
    if (kind === 'local type id') return { asked, value: BigInt(record.type) };
    if (kind.startsWith('field')) return { asked, ...this.field(kind, record) };
    const answers = this.candidatesOf(record.type).map((c) =>
      kind.startsWith('enum') ? this.enumerator(kind, record, c) : this.type(kind, record.type, c),
    );
    const value = answers.find((a) => a !== undefined);
    return { asked, value: value ?? (QUIET.has(kind) ? 0n : undefined) };
  }

  /** Types of the kernel that may be meant: same kind and essential name. */
  private candidatesOf(id: number): readonly BtfType[] {
    let found = this.candidates.get(id);
    if (!found) {
      const root = this.local[id]!;
      // Typedefs are looked for under their own name, qualifiers are looked through.
      const named = root.kind === 'typedef' ? root : strip(this.local, id);
      found = this.kernel
        .named(essentialName(named.name))
        .filter((t) => t.kind === named.kind || (isEnum(t) && isEnum(named)));
      this.candidates.set(id, found);
    }
    return found;
  }

  private name(record: CoreRecord): string {
    const root = strip(this.local, record.type);
    const name = this.local[record.type]!.name || root.name || '(no name)';
    const kind = KINDS[record.kind]!;
    if (kind.startsWith('enum')) return root.values?.[Number(record.access)]?.name ?? name;
    if (!kind.startsWith('field')) return name;
    const spec = localField(this.local, record.type, record.access);
    const steps = spec?.steps.slice(1).map((s) => (s.name ? `.${s.name}` : `[${s.index}]`)) ?? [];
    return name + steps.join('');
  }

  private type(kind: Kind, local: number, target: BtfType): bigint | undefined {
    if (!typesFit(this.local, local, this.kernel.types, target.id)) return undefined;
    switch (kind) {
      case 'type size':
        return BigInt(sizeOf(this.kernel.types, target.id));
      case 'kernel type id':
        return BigInt(target.id);
      case 'type matches':
        return this.matches(local, target.id) ? 1n : 0n;
      default:
        return 1n;
    }
  }

  /** Every member or enumerator that the object knows is there. */
  private matches(local: number, target: number): boolean {
    const [a, b] = [strip(this.local, local), strip(this.kernel.types, target)];
    if (isComposite(a))
      return a.members!.every((m) => !m.name || b.members!.some((n) => n.name === m.name));
    if (isEnum(a))
      return a.values!.every((v) =>
        b.values!.some((w) => essentialName(w.name) === essentialName(v.name)),
      );
    return true;
  }

  private enumerator(kind: Kind, record: CoreRecord, target: BtfType): bigint | undefined {
    const wanted = strip(this.local, record.type).values?.[Number(record.access)]?.name;
    const name = wanted && essentialName(wanted);
    const found = target.values?.find((v) => essentialName(v.name) === name);
    if (!found) return undefined;
    return kind === 'enum value' ? found.value : 1n;
  }

  private field(kind: Kind, record: CoreRecord): Omit<CoreResult, 'asked'> {
    const spec = localField(this.local, record.type, record.access);
    if (!spec) return { value: undefined };
    for (const candidate of this.candidatesOf(record.type)) {
      const match = matchField(this.local, spec, this.kernel.types, candidate.id);
      if (!match) continue;
      const found = fieldValue(this.kernel.types, match);
      const own = fieldValue(this.local, spec);
      const value = numberOf(kind, found);
      if (kind !== 'field offset' || found.size === own.size) return { value };
      return { value, width: { local: own.size, kernel: found.size, unsigned: !own.signed } };
    }
    return { value: kind === 'field exists' ? 0n : undefined };
  }
}

function numberOf(kind: Kind, field: FieldValue): bigint {
  switch (kind) {
    case 'field offset':
      return BigInt(field.offset);
    case 'field size':
      return BigInt(field.size);
    case 'field signed':
      return field.signed ? 1n : 0n;
    case 'field left shift':
      return BigInt(field.left);
    case 'field right shift':
      return BigInt(field.right);
    default:
      return 1n;
  }
}
