import { GRANULE, NULL_PAGE } from '../../memory/layout.js';
import type { LinearMemory } from '../../memory/linear.js';
import { classOf, ST, widthOf, type Insn } from '../../object/insn.js';
import { FAULT } from '../emit/frame.js';

/** Reports a fault: does not return. */
export type Report = (kind: number, insn: Insn, address: bigint) => never;

const XCHG = 0xe1;
const CMPXCHG = 0xf1;
const LOAD_ACQUIRE = 0x100;
const STORE_RELEASE = 0x110;
const FETCH = 1;

/** Loads and stores with the checks that the translation makes. */
export class Access {
  constructor(
    private readonly memory: LinearMemory,
    private readonly checks: 'none' | 'range' | 'shadow',
    private readonly report: Report,
  ) {}

  private place(insn: Insn, base: bigint, width: number, writes: boolean): number {
    const address = BigInt.asUintN(64, base + BigInt(insn.off));
    const from = BigInt(writes ? NULL_PAGE : 0);
    const { memory } = this;
    if (
      this.checks !== 'none' &&
      BigInt.asUintN(64, address - from) > BigInt(memory.end - width) - from
    )
      this.report(writes ? FAULT.store : FAULT.load, insn, address);
    const at = Number(BigInt.asUintN(32, address));
    if (memory.shadow && memory.bytes[memory.shadow + Math.floor(at / GRANULE)])
      this.report(FAULT.shadow, insn, address);
    return at;
  }
  private read(at: number, width: number): bigint {
    const { view } = this.memory;
    if (width === 8) return view.getBigUint64(at, true);
    if (width === 4) return BigInt(view.getUint32(at, true));
    return BigInt(width === 2 ? view.getUint16(at, true) : view.getUint8(at));
  }
  private write(at: number, width: number, value: bigint): void {
    const { view } = this.memory;
    if (width === 8) view.setBigUint64(at, BigInt.asUintN(64, value), true);
    else if (width === 4) view.setUint32(at, Number(BigInt.asUintN(32, value)), true);
    else if (width === 2) view.setUint16(at, Number(BigInt.asUintN(16, value)), true);
    else view.setUint8(at, Number(BigInt.asUintN(8, value)));
  }

  load(insn: Insn, r: BigUint64Array, signed: boolean): void {
    const width = widthOf(insn);
    const value = this.read(this.place(insn, r[insn.src]!, width, false), width);
    r[insn.dst] = signed ? BigInt.asUintN(64, BigInt.asIntN(width * 8, value)) : value;
  }
  store(insn: Insn, r: BigUint64Array): void {
    const width = widthOf(insn);
    const at = this.place(insn, r[insn.dst]!, width, true);
    this.write(at, width, classOf(insn.code) === ST ? BigInt(insn.imm) : r[insn.src]!);
  }
  /** False where there is no such operation. */
  atomic(insn: Insn, r: BigUint64Array): boolean {
    const width = widthOf(insn);
    if (insn.imm === LOAD_ACQUIRE) {
      this.load(insn, r, false);
      return true;
    }
    if (insn.imm === STORE_RELEASE) {
      this.store(insn, r);
      return true;
    }
    if (width < 4) return false;
    const at = this.place(insn, r[insn.dst]!, width, true);
    const old = this.read(at, width);
    const source = r[insn.src]!;
    if (insn.imm === CMPXCHG) {
      if (old === BigInt.asUintN(width * 8, r[0]!)) this.write(at, width, source);
      r[0] = old;
      return true;
    }
    const value = insn.imm === XCHG ? source : combined(insn.imm & ~FETCH, old, source);
    if (value === undefined) return false;
    this.write(at, width, value);
    if (insn.imm & FETCH) r[insn.src] = old;
    return true;
  }
}

function combined(operation: number, a: bigint, b: bigint): bigint | undefined {
  switch (operation) {
    case 0x00:
      return a + b;
    case 0x40:
      return a | b;
    case 0x50:
      return a & b;
    case 0xa0:
      return a ^ b;
    default:
      return undefined;
  }
}
