import {
  chosenValue,
  parseMemberChoice,
  type MemberQuestion,
} from '../../native/runtime/member-choice.js';
import type { Program, StructOps } from '../engine/types.js';
import type { StructOpsVariable } from './file.js';
import { sizeOf, strip, type TypeIndex, type Types } from './types.js';

/** A scheduler's variable with the members that the kernel has. */
export class StructOpsValue implements StructOps {
  readonly name: string;
  readonly type: string;
  readonly callbacks = new Map<string, Program>();
  /** Bytes of the data members; user space may change them until the scheduler is attached. */
  readonly bytes: Uint8Array;

  constructor(
    private readonly types: Types,
    private readonly variable: StructOpsVariable,
    kernel: TypeIndex,
    programs: ReadonlyMap<string, Program>,
  ) {
    this.name = variable.name;
    this.type = variable.typeName;
    this.bytes = variable.bytes;
    this.choose(kernel);
    const known = kernel.find(variable.typeName, 'struct')?.members;
    for (const [offset, name] of variable.functions) {
      const member = this.members.find((m) => m.offset === offset * 8)?.name ?? '';
      // A callback that the kernel has not is left out, as the loader does.
      const program = programs.get(name);
      if (program && known?.some((m) => m.name === member)) this.callbacks.set(member, program);
    }
  }
  /** Gives the members whose value depends on the kernel theirs, as the loader does. */
  private choose(kernel: TypeIndex): void {
    const holds = (q: MemberQuestion): boolean =>
      'functions' in q
        ? q.functions.some((name) => kernel.find(name, 'func'))
        : Boolean(
            kernel.find(q.enumName, 'enum', 'enum64')?.values?.some((v) => v.name === q.value),
          );
    for (const tag of this.types) {
      const tagged = tag.kind === 'decl_tag' ? this.types[tag.type] : undefined;
      if (tagged?.kind !== 'var' || tagged.name !== this.name) continue;
      const choice = parseMemberChoice(tag.name);
      if (choice) this.set(choice.member, chosenValue(choice, this.big(choice.member), holds));
    }
  }
  private get members(): readonly { name: string; type: number; offset: number }[] {
    return strip(this.types, this.variable.type).members!;
  }
  private place(member: string): { at: number; size: number } | undefined {
    const found = this.members.find((m) => m.name === member);
    return found && { at: found.offset / 8, size: sizeOf(this.types, found.type) };
  }
  big(member: string): bigint {
    const place = this.place(member);
    if (!place) return 0n;
    let value = 0n;
    for (let i = Math.min(place.size, 8) - 1; i >= 0; i--)
      value = (value << 8n) | BigInt(this.bytes[place.at + i]!);
    return value;
  }
  number(member: string): number {
    return Number(this.big(member));
  }
  text(member: string): string {
    const place = this.place(member);
    if (!place) return '';
    const bytes = this.bytes.subarray(place.at, place.at + place.size);
    const end = bytes.indexOf(0);
    return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
  }
  /** Sets a data member; false where the object has none. */
  set(member: string, value: bigint): boolean {
    const place = this.place(member);
    if (!place) return false;
    for (let i = 0; i < place.size; i++)
      this.bytes[place.at + i] = Number((value >> BigInt(8 * i)) & 0xffn);
    return true;
  }
}
