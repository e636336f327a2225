import type { OpenScheduler } from '../native/runtime/index.js';

/** A config variable as a command-line flag. */
export interface ConfigFlag {
  /** `--slice-us` of `slice_us`. */
  flag: string;
  variable: string;
  help: string;
  type: string;
  isBool: boolean;
  initial: unknown;
  parse(text: string): unknown;
}

export function configFlags(scheduler: OpenScheduler): ConfigFlag[] {
  const values = scheduler.config as Record<string, unknown>;
  return scheduler.info.configs().flatMap((config) => {
    const layout = scheduler.info.layout(config.typeId);
    const isBool = layout.name === 'bool';
    if (!isBool && !layout.range) return []; // tables have no flag
    return [
      {
        flag: `--${config.tsName.replace(/_/g, '-')}`,
        variable: config.tsName,
        help: config.help,
        type: layout.name,
        isBool,
        initial: values[config.tsName],
        parse: (text: string) => parseValue(text, config.tsName, layout.name, layout.range),
      },
    ];
  });
}

function parseValue(
  text: string,
  name: string,
  type: string,
  range: [bigint, bigint] | undefined,
): unknown {
  if (type === 'bool') {
    if (text === 'true' || text === '1' || text === '') return true;
    if (text === 'false' || text === '0') return false;
    throw new Error(`--${name.replace(/_/g, '-')} takes true or false, not '${text}'`);
  }
  const valid = /^-?(0x[0-9a-f]+|\d+)$/i.test(text);
  const value = valid ? (text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text)) : undefined;
  if (value === undefined || !range || value < range[0] || value > range[1]) {
    throw new Error(
      `--${name.replace(/_/g, '-')} takes a whole number from ${range?.[0]} to ${range?.[1]} (${type}), not '${text}'`,
    );
  }
  return type === 'u64' || type === 's64' ? value : Number(value);
}

/** Sets config from the flags that follow the file; throws for what is no flag of this scheduler. */
export function applyFlags(scheduler: OpenScheduler, args: string[]): void {
  const flags = configFlags(scheduler);
  const values = scheduler.config as Record<string, unknown>;
  for (let i = 0; i < args.length; i++) {
    const [name, attached] = args[i]!.split(/=(.*)/s) as [string, string | undefined];
    const negated = name.startsWith('--no-')
      ? flags.find((f) => f.isBool && f.flag === `--${name.slice(5)}`)
      : undefined;
    const named = flags.find((f) => f.flag === name || f.flag === name.replace(/_/g, '-'));
    const flag = named ?? negated;
    if (!flag) {
      const known = flags.map((f) => f.flag).join(', ');
      throw new Error(`${scheduler.name} has no flag '${name}'${known ? `; it has ${known}` : ''}`);
    }
    const text = attached ?? (flag.isBool ? (flag === negated ? 'false' : 'true') : args[++i]);
    if (text === undefined) throw new Error(`${flag.flag} needs a value (${flag.type})`);
    values[flag.variable] = flag.parse(text);
  }
}

export function flagHelp(scheduler: OpenScheduler): string {
  const flags = configFlags(scheduler);
  if (flags.length === 0) return `${scheduler.name} has no flags of its own.\n`;
  const left = flags.map((f) => `${f.flag}${f.isBool ? '' : ` <${f.type}>`}`);
  const width = Math.max(...left.map((l) => l.length));
  return (
    `Flags of ${scheduler.name}:\n` +
    flags
      .map((f, i) => `  ${left[i]!.padEnd(width)}  ${f.help} (default: ${String(f.initial)})`)
      .join('\n') +
    '\n'
  );
}
