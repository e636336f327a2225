import { shellQuote } from '../initramfs/quote.js';

export interface GuestCommand {
  command: string[];
  /** Where it starts; the caller's current folder if not given. */
  cwd?: string | undefined;
  env?: Record<string, string> | undefined;
}

/** Variables of the caller that a command may care about inside as well. */
const PASSED_ON = ['TERM', 'COLORTERM', 'NO_COLOR', 'FORCE_COLOR', 'LANG', 'LC_ALL', 'TZ'];

/** The shell script that the guest runs for a command. */
export function commandScript({ command, cwd = '/', env = {} }: GuestCommand): string {
  const passed = Object.fromEntries(
    PASSED_ON.flatMap((name) =>
      process.env[name] === undefined ? [] : [[name, process.env[name]!]],
    ),
  );
  const variables = Object.entries({ ...passed, ...env }).map(([name, value]) => {
    if (!/^[A-Za-z_]\w*$/.test(name))
      throw new TypeError(`'${name}' is no name for an environment variable`);
    return `export ${name}=${shellQuote(value)}`;
  });
  return [
    ...variables,
    `cd ${shellQuote(cwd)} || exit 127`,
    `exec ${command.map(shellQuote).join(' ')}`,
    '',
  ].join('\n');
}
