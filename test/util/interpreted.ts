import { Machine, type MachineOptions } from '../../codegen/ir/interpreter/machine.js';
import type { ModuleIr } from '../../codegen/ir/module.js';

/** As runOnHost(), in the interpreter of the IR: calls the syscall program `run` once and gives `out`. */
export function interpreted(module: ModuleIr, options: MachineOptions = {}): bigint[] {
  const machine = new Machine(module, options);
  machine.run('run');
  return machine.numbersOf('out').map((n) => BigInt.asUintN(64, n));
}
