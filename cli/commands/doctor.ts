import type { Command } from 'commander';
import type { Check, Purpose } from '../doctor/checks.js';
import { report } from '../load/failure.js';

const TITLES: Record<Purpose, string> = {
  build: 'To build schedulers',
  load: 'To load them into this kernel',
  vm: 'To run them in a virtual machine',
};
const MARKS: Record<Check['status'], string> = { ok: 'ok', warning: 'warn', missing: 'MISSING' };

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'check what this machine has to build, load and try schedulers, and how to get the rest',
    )
    .option('--json', 'as one JSON object')
    .addHelpText(
      'after',
      '\nExits with 1 if schedulers cannot be built, or can neither be loaded here nor run in a virtual machine.',
    )
    .action((options: { json?: boolean }) =>
      report(async () => {
        const { currentRelease } = await import('../doctor/distribution.js');
        const { allChecks } = await import('../doctor/checks.js');
        const release = currentRelease();
        const checks = await allChecks(release);
        const can = (purpose: Purpose): boolean =>
          !checks.some((c) => c.purpose === purpose && c.status === 'missing');
        const verdict = { build: can('build'), load: can('load'), vm: can('vm') };
        process.stdout.write(
          options.json
            ? JSON.stringify({ distribution: release.pretty, can: verdict, checks }) + '\n'
            : text(release.pretty, checks, verdict),
        );
        return verdict.build && (verdict.load || verdict.vm) ? 0 : 1;
      }),
    );
}

function text(distribution: string, checks: Check[], can: Record<Purpose, boolean>): string {
  const width = Math.max(...checks.map((c) => c.name.length));
  const lines = [distribution];
  for (const purpose of ['build', 'load', 'vm'] as const) {
    lines.push('', `${TITLES[purpose]}: ${can[purpose] ? 'yes' : 'no'}`);
    for (const c of checks.filter((check) => check.purpose === purpose)) {
      lines.push(`  ${MARKS[c.status].padEnd(7)}  ${c.name.padEnd(width)}  ${c.found}`);
      if (c.fix) lines.push(`${' '.repeat(width + 13)}fix: ${c.fix}`);
    }
  }
  return lines.join('\n') + '\n';
}
