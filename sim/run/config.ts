import { SimError } from '../errors.js';
import type { ObjectFile } from '../object/file.js';
import { sizeOf, strip } from '../object/types.js';
import type { ConfigValue } from './machine.js';

/** A config variable of a scheduler of scxts: a flag of the command line. */
export interface ConfigVariable {
  name: string;
  help: string;
  /** `--slice-ns`. */
  flag: string;
  isBool: boolean;
  /** Bytes, and whether it is signed. */
  size: number;
  signed: boolean;
}

const TAG = 'scxts:config=';

/** The config of an object, as docs/object-format.md says: those that one number or truth value sets. */
export function configOf(file: ObjectFile): ConfigVariable[] {
  const { types } = file;
  return types.flatMap((tag): ConfigVariable[] => {
    if (tag.kind !== 'decl_tag' || !tag.name.startsWith(TAG)) return [];
    const variable = types[tag.type]!;
    const type = strip(types, variable.type);
    if (type.kind !== 'int' && type.kind !== 'enum') return [];
    const { name } = variable;
    return [
      {
        ...{ name, help: tag.name.slice(TAG.length), flag: `--${name.replace(/_/g, '-')}` },
        ...{ isBool: type.name === '_Bool', size: sizeOf(types, type.id) },
        signed: type.signed ?? false,
      },
    ];
  });
}

/** Values of the flags that follow a scheduler's file; throws SimError for what is no flag of it. */
export function configFromFlags(
  scheduler: string,
  variables: readonly ConfigVariable[],
  args: readonly string[],
): Record<string, ConfigValue> {
  const values: Record<string, ConfigValue> = {};
  for (let i = 0; i < args.length; i++) {
    const [given, attached] = args[i]!.split(/=(.*)/s) as [string, string | undefined];
    const name = given.replace(/_/g, '-');
    const negated = variables.find((v) => v.isBool && name === `--no-${v.flag.slice(2)}`);
    const variable = negated ?? variables.find((v) => v.flag === name);
    if (!variable)
      throw new SimError(
        'SIM_FLAG',
        `${scheduler} has no flag '${given}'`,
        variables.length > 0 ? `it has ${variables.map((v) => v.flag).join(', ')}` : 'it has none',
      );
    const text = attached ?? (variable.isBool ? String(!negated) : args[++i]);
    values[variable.name] = valueOf(variable, text);
  }
  return values;
}

function valueOf(
  { flag, isBool, size, signed }: ConfigVariable,
  text: string | undefined,
): ConfigValue {
  if (isBool) {
    if (text === 'true' || text === '1') return true;
    if (text === 'false' || text === '0') return false;
    throw new SimError('SIM_FLAG', `${flag} takes true or false, not '${text}'`);
  }
  const bits = BigInt(size * 8);
  const least = signed ? -(1n << (bits - 1n)) : 0n;
  const most = signed ? (1n << (bits - 1n)) - 1n : (1n << bits) - 1n;
  const valid = text !== undefined && /^-?(0x[0-9a-f]+|\d+)$/i.test(text);
  const value = valid ? (text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text)) : undefined;
  if (value === undefined || value < least || value > most)
    throw new SimError(
      'SIM_FLAG',
      `${flag} takes a whole number from ${least} to ${most}, not '${text ?? ''}'`,
    );
  return value;
}
