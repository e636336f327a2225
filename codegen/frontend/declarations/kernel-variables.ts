import { ts } from 'ts-morph';
import {
  kernelVariableName,
  kernelVariableType,
  unknownKernelVariable,
} from '../../diagnostics/catalogue/places.js';
import { typeArgumentNeeded } from '../../diagnostics/catalogue/state.js';
import { describeType, type CType } from '../../ir/types.js';
import { perCpuVariable, perCpuVariables } from '../../kernel/variables.js';
import type { Frontend } from '../context.js';
import { spanOf } from '../program.js';
import { closest } from '../suggest.js';
import { resolveType } from '../types.js';

/** `kernelPerCpu<rq>('runqueues')`, `kernelVar<u64>('jiffies')`. */
export function declareKernelVariable(
  fe: Frontend,
  symbol: ts.Symbol,
  name: string,
  call: ts.CallExpression,
): void {
  const span = spanOf(call);
  const perCpu = fe.calledBuiltin(call) === 'kernelPerCpu';
  const builtin = perCpu ? 'kernelPerCpu' : 'kernelVar';
  fe.entities.set(symbol, { kind: 'error' });
  const [argument] = call.arguments;
  const stated = call.typeArguments?.[0];
  if (!stated) return fe.report(typeArgumentNeeded(span, builtin, '<T>'));
  const target = argument && ts.isStringLiteralLike(argument) ? argument.text : '';
  const at = spanOf(argument ?? call);
  if (!/^[A-Za-z_]\w*$/.test(target)) return fe.report(kernelVariableName(at, target, builtin));
  const resolved = resolveType(fe, stated);
  if (resolved.kind === 'error') return;
  const known = perCpu ? perCpuVariable(target) : undefined;
  const held = resolved.kind === 'ptr' ? resolved.to : resolved;
  const isStruct = held.kind === 'struct' && held.struct.kernel;
  const isValue = perCpu ? isPlain(held) : held.kind === 'int' || held.kind === 'bool';
  const fault = isStruct || isValue ? misfit(held, known) : 'no type of the kernel';
  if (fault !== undefined || (resolved.kind === 'ptr' && !isStruct))
    return fe.report(
      kernelVariableType(
        spanOf(stated),
        describeType(held),
        target,
        fault ?? 'no type of the kernel',
      ),
    );
  if (perCpu && !known)
    fe.report(unknownKernelVariable(at, target, closest(target, perCpuVariables()) ?? ''));
  const other = fe.kernelVariables.find((v) => v.symbol === target);
  if (!other) {
    if (fe.names.has(target)) return fe.report(kernelVariableName(at, target, builtin));
    // C and BTF know it by that name, which nothing else may have then.
    fe.names.reserve(target);
  }
  const variable = {
    name: fe.names.claimOwn(`${name}_variable`),
    tsName: name,
    symbol: target,
    type: held,
    perCpu,
    holdsAddress: resolved.kind === 'ptr' || (known?.type.startsWith('*') ?? false),
    span,
  };
  fe.kernelVariables.push(variable);
  fe.entities.set(symbol, { kind: 'kernelVariable', variable });
}

/** What can be read as it lies there: numbers, texts and arrays of them. */
function isPlain(type: CType): boolean {
  if (type.kind === 'array') return isPlain(type.of);
  return type.kind === 'int' || type.kind === 'bool' || type.kind === 'chars';
}

/** What the kernels say that it is, where that is something else. */
function misfit(type: CType, known: ReturnType<typeof perCpuVariable>): string | undefined {
  if (!known) return undefined;
  const struct = /^\*?struct (\w+)$/.exec(known.type)?.[1];
  if (struct !== undefined)
    return type.kind === 'struct' && type.struct.name === struct ? undefined : struct;
  const integer = /^([us])(\d+)$/.exec(known.type);
  if (integer && type.kind === 'int')
    return type.bits <= Number(integer[2]) ? undefined : known.type;
  if (integer && type.kind === 'bool') return integer[2] === '8' ? undefined : known.type;
  return integer ? known.type : undefined;
}
