import { MACHINES } from './config.js';
import { mixed, percent, type Report } from './report.js';
import { failures, type Row } from './rows.js';

const escaped = (text: string): string => text.replace(/\|/g, '\\|');

/** The table that is printed: a row a boot, a column a scheduler. */
export function table(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((r) => Object.keys(r.cells)))].sort((a, b) =>
    a === 'simple' ? -1 : b === 'simple' ? 1 : a < b ? -1 : 1,
  );
  const text = (row: Row, name: string): string => {
    const cell = row.cells[name];
    return cell ? `${cell.text}${cell.missed && !cell.failed ? ' \\*' : ''}` : '-';
  };
  return markdown([
    ['Kernel', 'Machine', ...names],
    ...rows.map((row) => [row.kernel, row.machine, ...names.map((name) => text(row, name))]),
  ]);
}

function markdown(rows: string[][]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((r) => r[i]!.length)));
  const line = (r: string[]): string => `| ${r.map((c, i) => c.padEnd(widths[i]!)).join(' | ')} |`;
  const rule = `| ${widths.map((w) => '-'.repeat(w)).join(' | ')} |`;
  return [line(rows[0]!), rule, ...rows.slice(1).map(line)].join('\n');
}

const WEIGHTED = ['simple', 'nest', 'userland', 'flatcg'];

function claimsOf(row: Row): string[] {
  const claim = (name: string): NonNullable<Report['claims']> => row.cells[name]?.claims ?? {};
  const part = ({ exclusive: e }: NonNullable<Report['claims']>): string =>
    e && e.sameMs + e.mixedMs > 0 ? percent(mixed(e)) : '-';
  const { cgroupWeights: g } = claim('flatcg');
  const cores = ['simple', 'nest'].map((n) => claim(n).lightLoad?.coresUsed.toFixed(1) ?? '-');
  return [
    row.kernel,
    row.machine,
    ...WEIGHTED.map((n) => claim(n).weights?.ratio.toFixed(1) ?? '-'),
    g ? `${g.first.map(percent).join(', ')}; ${g.second.map(percent).join(', ')}` : '-',
    cores.join(' / '),
    `${part(claim('simple'))} / ${part(claim('pair'))}`,
    claim('central')
      .deciders?.last.replace(/^placed by /, '')
      .replace(/: \d+$/, '') ?? '-',
  ];
}

function measured(rows: readonly Row[]): string {
  const found = rows.filter((r) => Object.values(r.cells).some((c) => c.claims));
  if (found.length === 0) return '';
  return (
    `## What the schedulers claim, measured\n\n` +
    `- weights: CPU time of nice 0 to nice 10 (100 to 11, 9.1), two tasks of each for each CPU\n` +
    `- cgroups: CPU time of A/B, A/C and D, due 16.7 %, 16.7 %, 66.7 %; then 37.5 %, 37.5 %, 25 %\n` +
    `- cores: CPUs that a light load uses (1 / the sum of the squares of their parts)\n` +
    `- mixed: part of the time with both CPUs of a pair busy that they run tasks of different cgroups. The ` +
    `tracepoint that is measured with fires after the switch itself, so it is never quite 0\n` +
    `- deciders: the CPUs on which central placed tasks\n\n` +
    markdown([
      [
        'Kernel',
        'Machine',
        ...WEIGHTED.map((n) => `${n} weights`),
        'flatcg cgroups',
        'cores simple / nest',
        'mixed simple / pair',
        'central deciders',
      ],
      ...found.map(claimsOf),
    ]) +
    '\n\n'
  );
}

const list = (title: string, lines: string[]): string =>
  lines.length > 0 ? `## ${title}\n\n${lines.map((l) => `- ${escaped(l)}`).join('\n')}\n\n` : '';

const span = (values: readonly (string | number)[]): string => {
  const sorted = [...new Set(values)].sort((a, b) => (a < b ? -1 : 1));
  return sorted.length > 1 ? `${sorted[0]} to ${sorted.at(-1)}` : `${sorted[0]}`;
};

/** docs/kernels.md. */
export function document(rows: readonly Row[]): string {
  const long = rows.filter((r) => r.hotplug);
  const short = rows.filter((r) => !r.hotplug);
  const releases = rows
    .map(({ kernel, release }) => `${kernel}: ${release}`)
    .filter((line, i, all) => all.indexOf(line) === i);
  return (
    `# Kernels\n\n` +
    `Written by \`npm run test:matrix\`: each example was built once, and the same object loaded, attached and put under ` +
    `load on each of these kernels, in a virtual machine by emulation. The load is everything at once: ` +
    `tasks that compute, that sleep, that come and go, that hand bytes through pipes, that change CPUs, and cgroups that ` +
    `are made, reweighted, throttled and removed.\n\n` +
    `A cell is the longest time that any task of nice 0 or less was ready to run and did not (tracepoints sched_wakeup and ` +
    `sched_switch), or FAILS: not loaded, ejected, a warning of the kernel, a task that got nowhere. An asterisk: it ran, but ` +
    `a bound on waiting (3 s) or on shares (10 %) was missed, which a host that is busy with other things also does. 'cannot': Debian's build of this kernel lost a function that the scheduler needs ` +
    `([kernel-types.md](kernel-types.md) has the reason), or is a real-time kernel without BPF timers; the scheduler has to end and to say why. In emulation a CPU is many times slower than it says, so compare the numbers with each other only.\n\n` +
    (short.length > 0
      ? `## Every kernel\n\nUnder load for ${span(short.map((r) => r.seconds))} s each; ${span(short.map((r) => r.date))}.\n\n${table(short)}\n\n`
      : '') +
    (long.length > 0
      ? `## For longer, with CPU hotplug\n\nUnder load for ${span(long.map((r) => r.seconds))} s each (\`--long\`), then CPU 1 is taken away ` +
        `and given back while tasks run: qmap follows, the others are loaded anew by their userspace halves. ${span(long.map((r) => r.date))}.\n\n${table(long)}\n\n`
      : '') +
    list('What failed', failures(rows, ['failed'])) +
    list('Bounds that were missed', failures(rows, ['missed'])) +
    measured(rows) +
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
