import { Argument, type Command } from 'commander';
import type { Check, Purpose } from '../doctor/checks.js';
import { report } from '../load/failure.js';

const TITLES: Record<Purpose, string> = {
  build: 'To build schedulers',
  load: 'To load them into this kernel',
  vm: 'To run them in a virtual machine',
};
const MARKS: Record<Check['status'], string> = { ok: 'ok', warning: 'warn', missing: 'MISSING' };

const PURPOSES = ['build', 'load', 'vm'] as const;

/** What is asked for: schedulers have to be built, and to run somewhere, unless something else is named. */
function isEnough(asked: Purpose[], can: Record<Purpose, boolean>): boolean {
  return asked.length > 0 ? asked.every((p) => can[p]) : can.build && (can.load || can.vm);
}

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'check what this machine has to build, load and try schedulers, and how to get the rest',
    )
    .addArgument(
      new Argument('[purposes...]', 'what it is needed for').choices(PURPOSES).default([]),
    )
    .option('--json', 'as one JSON object')
    .addHelpText(
      'after',
      '\nExits with 1 if anything that is named cannot be done here; if nothing is named, where schedulers\n' +
        'cannot be built, or can neither be loaded here nor run in a virtual machine.',
    )
    .action((asked: Purpose[], options: { json?: boolean }) =>
      report(async () => {
        const { currentRelease, hasScript, scriptCommand } =
          await import('../doctor/distribution.js');
        const { allChecks } = await import('../doctor/checks.js');
        const release = currentRelease();
        const checks = await allChecks(release);
        const can = Object.fromEntries(
          PURPOSES.map((p) => [p, !checks.some((c) => c.purpose === p && c.status === 'missing')]),
        ) as Record<Purpose, boolean>;
        const all = hasScript(release) ? scriptCommand() : undefined;
        process.stdout.write(
          options.json
            ? JSON.stringify({ distribution: release.pretty, can, checks }) + '\n'
            : text(release.pretty, checks, can, all),
        );
        return isEnough(asked, can) ? 0 : 1;
      }),
    );
}

function text(
  distribution: string,
  checks: Check[],
  can: Record<Purpose, boolean>,
  all: string | undefined,
): string {
  const width = Math.max(...checks.map((c) => c.name.length));
  const lines = [distribution];
  for (const purpose of PURPOSES) {
    lines.push('', `${TITLES[purpose]}: ${can[purpose] ? 'yes' : 'no'}`);
    for (const c of checks.filter((check) => check.purpose === purpose)) {
      lines.push(`  ${MARKS[c.status].padEnd(7)}  ${c.name.padEnd(width)}  ${c.found}`);
      if (c.fix) lines.push(`${' '.repeat(width + 13)}fix: ${c.fix}`);
    }
  }
  if (all !== undefined && !(can.build && can.vm))
    lines.push('', `All that this distribution has of it, at once: ${all}`);
  return lines.join('\n') + '\n';
}
