// Runs of examples in the model kernel, with the page of `scxts sim --trace` for each.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { root, source, type Page } from './files.js';

const RUNS = [
  ['simple', 'examples/simple.ts', ['--cpus', '4']],
  ['nest', 'examples/nest.ts', ['--cpus', '4']],
  ['central', 'examples/central.ts', ['--cpus', '4']],
  [
    'guide-signals',
    'examples/guide/signals/chapter.ts',
    ['--cpus', '2', '--load', 'examples/guide/signals/load.json'],
  ],
] as const;

export async function tracePages(): Promise<Page[]> {
  const folder = join(source, 'public', 'traces');
  mkdirSync(folder, { recursive: true });
  const parts: string[] = [];
  for (const [name, file, options] of RUNS) {
    const command = ['sim', file, ...options, '--duration', '1s'];
    await execa('node', ['dist/cli/bin.js', ...command, '--trace', join(folder, `${name}.html`)], {
      cwd: root,
    });
    parts.push(
      `## ${name}`,
      `\`scxts ${command.join(' ')} --trace ${name}.html\``,
      `<iframe src="/traces/${name}.html" title="${name}" style="width:100%;height:520px;border:1px solid var(--vp-c-divider)" loading="lazy"></iframe>`,
      `[On a page of its own](/traces/${name}.html){target="_self"}`,
    );
  }
  const text = `# Traces\n\nWhat [scxts sim](sim.md) recorded of the model kernel when this site was made: who ran where, and why. [Tracing](trace.md) says how to read it.\n\n${parts.join('\n\n')}\n`;
  return [{ path: 'traces.md', title: 'Traces', text }];
}
