import { Fault } from '../errors.js';
import type { LinearMemory } from '../memory/linear.js';
import { NULL_PAGE, SLOT } from '../memory/layout.js';
import { FAULT } from './emit/frame.js';
import type { Sites } from './sites.js';

/** Makes the error of a fault that code reported. */
export function faultOf(
  memory: LinearMemory,
  sites: Sites,
  kind: number,
  site: number,
  low: number,
  high: number,
): Fault {
  const { where, program, insn } = sites.at(site);
  const make = (code: string, message: string, hint?: string): Fault =>
    new Fault(code, message, where, program, hint);
  const address = high
    ? `0x${((BigInt.asUintN(32, BigInt(high)) << 32n) | BigInt.asUintN(32, BigInt(low))).toString(16)}, which is no address`
    : memory.describe(low >>> 0);
  switch (kind) {
    case FAULT.load:
      return make('BAD_READ', `${program} reads at ${address}`);
    case FAULT.store:
      return make(
        low >>> 0 < NULL_PAGE && !high ? 'NULL_WRITE' : 'BAD_WRITE',
        `${program} writes to ${address}`,
      );
    case FAULT.shadow:
      return make(
        'BAD_ACCESS',
        `${program} uses ${address}`,
        'it was freed, or the access is beyond the end of an object',
      );
    case FAULT.stack:
      return make('STACK_OVERFLOW', `${program} calls itself, or others, too deep`);
    case FAULT.fuel:
      return make(
        'ENDLESS_LOOP',
        `${program} has not ended after ${memory.u32[SLOT.fuel >> 2]} instructions`,
        'a real kernel would have refused or ended it',
      );
    default:
      return make(
        'CANNOT_RUN',
        insn?.link?.kind === 'poison'
          ? insn.link.message
          : `${program} comes to instruction 0x${(insn?.code ?? 0).toString(16)}, which the model has not`,
      );
  }
}
