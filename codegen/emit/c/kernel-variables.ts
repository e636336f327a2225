import type { KernelVariableIr } from '../../ir/module.js';
import type { KernelVariableUse } from '../../ir/operations.js';
import type { CType } from '../../ir/types.js';
import { declareC, typeName } from './c-type.js';
import { inline } from './inline.js';
import type { Requests } from './requests.js';

/** Declarations without `extern`. BTF knows per-CPU variables with their types, others kallsyms by name only. */
export function variableDeclarations(variables: readonly KernelVariableIr[]): string[] {
  const lines = variables.map((v) =>
    v.perCpu
      ? `const ${declaredType(v, v.symbol)} __ksym __weak;`
      : `const void ${v.symbol} __ksym __weak;`,
  );
  return [...new Set(lines)];
}

function declaredType({ type, holdsAddress }: KernelVariableIr, name: string): string {
  return holdsAddress ? declareC(type, `*${name}`) : declareC(type, name);
}

const pointer = (to: CType): CType => ({ kind: 'ptr', to, nullable: true, region: 'any' });

/** The functions through which the program finds a variable of the kernel. */
export function variableAccessors(variable: KernelVariableIr, requests: Requests): string[] {
  return requests.ofVariable(variable).map((use) => accessor(variable, use, requests));
}

function accessor(v: KernelVariableIr, use: KernelVariableUse, requests: Requests): string {
  if (use === 'value') return value(v, requests);
  const { symbol, type, holdsAddress } = v;
  const call = use === 'of' ? `bpf_per_cpu_ptr(&${symbol}, cpu)` : `bpf_this_cpu_ptr(&${symbol})`;
  const params = use === 'of' ? 'u32 cpu' : '';
  const plain = declareC(pointer(type), '');
  // A function cannot be declared around the type of a pointer to an array.
  const returns =
    type.kind === 'array' || type.kind === 'chars' ? `typeof(${plain.trim()})` : plain;
  const absent = `if (!bpf_ksym_exists(&${symbol}))\n\treturn NULL;\n`;
  const body = holdsAddress
    ? `u64 *place;\n\n${absent}place = (u64 *)${call};\nreturn place && *place ? ${requests.use('scxts_kernel_object')}(*place, ${typeName(type)}) : NULL;`
    : `${absent}return (void *)${call};`;
  return inline(returns, `${v.name}_${use}`, params, body);
}

/** Neither of them is null or fails: what is not there reads as 0. */
function value({ name, symbol, type, holdsAddress }: KernelVariableIr, requests: Requests): string {
  const read = (to: string): string => `bpf_probe_read_kernel(&${to}, sizeof(${to}), &${symbol});`;
  if (type.kind !== 'struct')
    return inline(
      declareC(type, ''),
      `${name}_value`,
      '',
      `${declareC(type, 'value')} = 0;\n\n${read('value')}\nreturn value;`,
    );
  const object = requests.use('scxts_kernel_object');
  const returns = declareC(pointer(type), '');
  return holdsAddress
    ? inline(
        returns,
        `${name}_value`,
        '',
        `u64 address = 0;\n\n${read('address')}\nreturn ${object}(address, ${typeName(type)});`,
      )
    : inline(returns, `${name}_value`, '', `return ${object}(&${symbol}, ${typeName(type)});`);
}
