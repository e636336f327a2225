import type { BootResult } from './boot.js';
import { MACHINES, type Cell } from './config.js';
import { mixed, percent, problems, refusedForWant, type Report } from './report.js';

export interface Row {
  cell: Cell;
  result: BootResult;
}

const first = (text: string): string => text.split('\n')[0]!.replace(/\|/g, '\\|').slice(0, 120);

/** The table that is printed: a row a boot, a column a scheduler. */
export function table(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((r) => r.result.reports.map((x) => x.name)))];
  const cells = rows.map(({ cell, result }) => [
    cell.kernel,
    cell.machine,
    ...names.map((name) => {
      const report = result.reports.find((r) => r.name === name);
      if (!report) return 'missing';
      if (refusedForWant(report, cell.kernel)) return 'cannot';
      const wrong = (bounds: boolean): boolean =>
        problems(report, result.reports, cell.kernel, { bounds }).length > 0;
      if (wrong(false)) return 'FAILS';
      return `${Math.round(report.load!.maxWaitMs)} ms${wrong(true) ? ' \\*' : ''}`;
    }),
  ]);
  return markdown([['Kernel', 'Machine', ...names], ...cells]);
}

function markdown(rows: string[][]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((r) => r[i]!.length)));
  const line = (r: string[]): string => `| ${r.map((c, i) => c.padEnd(widths[i]!)).join(' | ')} |`;
  const rule = `| ${widths.map((w) => '-'.repeat(w)).join(' | ')} |`;
  return [line(rows[0]!), rule, ...rows.slice(1).map(line)].join('\n');
}

/** Everything that went wrong, one line each; without `bounds` what cannot be because the machine was busy. */
export function failures(rows: readonly Row[], { bounds = true } = {}): string[] {
  return rows.flatMap(({ cell, result }) => [
    ...result.complaints.map((c) => `${cell.kernel} on ${cell.machine}: the kernel: ${first(c)}`),
    ...result.reports.flatMap((r) =>
      problems(r, result.reports, cell.kernel, { bounds }).map(
        (p) => `${cell.kernel} on ${cell.machine}: ${r.name}: ${first(p)}`,
      ),
    ),
  ]);
}

function measured(rows: readonly Row[]): string {
  const found = rows.filter((r) =>
    r.result.reports.some((x) => Object.keys(x.claims ?? {}).length),
  );
  if (found.length === 0) return '';
  const claim = (result: BootResult, name: string): NonNullable<Report['claims']> =>
    result.reports.find((r) => r.name === name)?.claims ?? {};
  const part = (e: Report['claims'] & object): string =>
    e.exclusive && e.exclusive.sameMs + e.exclusive.mixedMs > 0 ? percent(mixed(e.exclusive)) : '-';
  return (
    `## What the schedulers claim, measured\n\n` +
    `- weights: CPU time of nice 0 to nice 10 (100 to 11, 9.1), two tasks of each for each CPU\n` +
    `- cgroups: CPU time of A/B, A/C and D, due 16.7 %, 16.7 %, 66.7 %; then 37.5 %, 37.5 %, 25 %\n` +
    `- cores: CPUs that a light load uses (1 / the sum of the squares of their parts)\n` +
    `- mixed: part of the time with both CPUs of a pair busy that they run tasks of different cgroups. The ` +
    `tracepoint that is measured with fires after the switch itself, so it is never quite 0\n\n` +
    markdown([
      [
        'Kernel',
        'Machine',
        ...WEIGHTED.map((n) => `${n} weights`),
        'flatcg cgroups',
        'cores simple / nest',
        'mixed simple / pair',
      ],
      ...found.map(({ cell, result }) => {
        const { cgroupWeights: g } = claim(result, 'flatcg');
        const cores = ['simple', 'nest'].map(
          (n) => claim(result, n).lightLoad?.coresUsed.toFixed(1) ?? '-',
        );
        return [
          cell.kernel,
          cell.machine,
          ...WEIGHTED.map((n) => claim(result, n).weights?.ratio.toFixed(1) ?? '-'),
          g ? `${g.first.map(percent).join(', ')}; ${g.second.map(percent).join(', ')}` : '-',
          cores.join(' / '),
          `${part(claim(result, 'simple'))} / ${part(claim(result, 'pair'))}`,
        ];
      }),
    ])
  );
}
const WEIGHTED = ['simple', 'nest', 'userland', 'flatcg'];

/** docs/kernels.md. */
export function document(rows: readonly Row[], seconds: number): string {
  const failed = failures(rows, { bounds: false });
  const missed = failures(rows).filter((line) => !failed.includes(line));
  const releases = rows
    .map(({ cell, result }) => `${cell.kernel}: ${result.release}`)
    .filter((line, i, all) => all.indexOf(line) === i);
  return (
    `# Kernels\n\n` +
    `Written by \`npm run test:matrix\`: each example was built once, and the same object loaded, attached and put under ` +
    `load for ${seconds} s on each of these kernels, in a virtual machine by emulation. The load is everything at once: ` +
    `tasks that compute, that sleep, that come and go, that hand bytes through pipes, that change CPUs, and cgroups that ` +
    `are made, reweighted, throttled and removed.\n\n` +
    `A cell is the longest time that any task of nice 0 or less was ready to run and did not (tracepoints sched_wakeup and ` +
    `sched_switch), or FAILS: not loaded, ejected, a warning of the kernel, a task that got nowhere. An asterisk: it ran, but ` +
    `a bound on waiting or on shares was missed, which a host that is busy with other things also does. 'cannot': Debian's build of this kernel lost a function that the scheduler needs ` +
    `([kernel-types.md](kernel-types.md) has the reason), or is a real-time kernel without BPF timers; the scheduler has to end and to say why. In emulation a CPU is many times slower than it says, so compare the numbers with each other only.\n\n` +
    `${table(rows)}\n\n` +
    (failed.length ? `## What failed\n\n${failed.map((f) => `- ${f}`).join('\n')}\n\n` : '') +
    (missed.length
      ? `## Bounds that were missed\n\n${missed.map((f) => `- ${f}`).join('\n')}\n\n`
      : '') +
    `${measured(rows)}\n\n` +
    `## Machines\n\n` +
    Object.entries(MACHINES)
      .map(
        ([name, m]) =>
          `- ${name}: ${'topology' in m ? `\`${m.topology}\`, ${m.numa} NUMA nodes` : `\`--cpus ${m.cpus}\``}`,
      )
      .join('\n') +
    `\n\n## Kernels as booted\n\n${releases.map((r) => `- ${r}`).join('\n')}\n`
  );
}
