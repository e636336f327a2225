import type { FunctionIr } from '../../ir/module.js';
import type { CType, StructDef } from '../../ir/types.js';
import { typeName } from './c-type.js';

/** The struct that carries the addresses of captured variables. */
export function capturesOf({ role }: FunctionIr): StructDef | undefined {
  return role?.kind === 'forEach' || role?.kind === 'drain' ? role.captures : undefined;
}

/** What the kernel is given to call a function back. */
export function entryName({ role }: FunctionIr): string {
  switch (role?.kind) {
    case 'timer':
      return `${role.timer.map.name}_cb`;
    case 'less':
      return `${role.collection.name}_less_cb`;
    default:
      return role?.entry ?? 'NULL';
  }
}

/** The function that the kernel calls: it passes on what the program's function takes. */
export function trampolineOf(fn: FunctionIr): string | undefined {
  const { role } = fn;
  const entry = entryName(fn);
  const context = capturesOf(fn) ? `struct ${capturesOf(fn)!.name} *` : 'void *';
  switch (role?.kind) {
    case undefined:
      return undefined;
    case 'forEach': {
      const [key, value] = [typeOf(role.map.key), typeOf(role.map.value)];
      return `static long ${entry}(void *map, ${key} *key, ${value} *value, ${context}context)\n{\n\t${invoke(fn, [scalar(role.map.key) ? '*key' : 'key', 'value'])}\n}`;
    }
    case 'drain':
      return `static long ${entry}(struct bpf_dynptr *dynptr, ${context}context)\n{\n\t${typeOf(role.map.value)} record = {};\n\n\tif (bpf_dynptr_read(&record, sizeof(record), dynptr, 0, 0))\n\t\treturn 1;\n\t${invoke(fn, [scalar(role.map.value) ? 'record' : '&record'])}\n}`;
    case 'timer':
      return `static int ${entry}(void *map, u32 *key, struct scxts_timer *value)\n{\n\t${fn.name}();\n\treturn 0;\n}`;
    case 'valueTimer': {
      const key: CType = role.map.key ?? { kind: 'int', bits: 32, signed: true };
      const given = [key.kind === 'int' ? '*key' : 'key', 'value'].slice(0, fn.params.length);
      return `static int ${entry}(void *map, ${typeOf(key)} *key, ${typeOf(role.map.value)} *value)\n{\n\t${fn.name}(${given.join(', ')});\n\treturn 0;\n}`;
    }
    case 'less': {
      const { of, node } = role.collection;
      const object = (side: string): string => `container_of(${side}, struct ${of.name}, ${node})`;
      return `static bool ${entry}(struct bpf_rb_node *a, const struct bpf_rb_node *b)\n{\n\treturn ${fn.name}(${object('a')}, ${object('b')});\n}`;
    }
  }
}

function typeOf(type: CType | undefined): string {
  return type ? typeName(type) : '';
}

function scalar(type: CType | undefined): boolean {
  return type?.kind === 'int' || type?.kind === 'bool';
}

/** The call of the program's function: missing parameters are left out, as in JavaScript. */
function invoke(fn: FunctionIr, args: string[]): string {
  const hasContext = capturesOf(fn) !== undefined;
  const passed = args.slice(0, fn.params.length - (hasContext ? 1 : 0));
  if (hasContext) passed.push('context');
  const call = `${fn.name}(${passed.join(', ')})`;
  if (fn.returns.kind === 'void') return `${call};\n\treturn 0;`;
  // A bool out of memory is 0 or 1 for clang, 0 to 255 for the verifier, which wants 0 or 1 here.
  return `u64 stop = ${call};\n\n\tasm volatile("%0 &= 1" : "+r"(stop));\n\treturn stop;`;
}
