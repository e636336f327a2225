// `npm run pictures`: draws what docs/pictures.md shows. Runs the same load under simple, nest and central on the model kernel,
// writes the page of `scxts trace` for each, and has a browser draw it. No test needs it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tracePage } from '../../dist/cli/view/page.js';
import { viewOf } from '../../dist/sim/view/build.js';
import { busyOf } from '../../dist/sim/view/measure.js';
import type { View } from '../../dist/sim/view/view.js';
import { simulate, type SimulateOptions } from '../../dist/sim/index.js';
import { exampleObject, root } from '../util/built-object.js';

/**
 * With their configuration. The load wakes up ten times a second, so that CPUs of nest would all be cold again after the 2 ms
 * that a core stays in the nest by default: they stay for 200.
 */
const SCHEDULERS: Readonly<Record<string, SimulateOptions['config']>> = {
  simple: {},
  nest: { p_remove_ns: 200_000_000n },
  central: {},
};
/** Two shells that start a process ten times a second each, some milliseconds long; a little happens besides, as on a machine. */
const OPTIONS: SimulateOptions = {
  ...{ kernel: '6.18', machine: { cpus: 8 }, duration: '2s', trace: true },
  tasks: [
    {
      ...{ name: 'shell', count: 2, start: ['0ms', '100ms'] },
      loop: [{ run: ['1ms', '3ms'] }, { fork: 'process' }, { sleep: '100ms' }],
    },
    { name: 'process', start: 'never', run: '12ms' },
    {
      ...{ name: 'kworker', count: 4, kernelThread: true, start: ['0ms', '50ms'] },
      loop: [{ run: ['100us', '500us'] }, { sleep: { exponential: '30ms' } }],
    },
  ],
};
/** What is shown, in µs since the recording began. */
const SHOWN = [500_000, 1_500_000];
const SIZE = '1200,312';
/** A picture that is larger has no place in a repository. */
const MAX_BYTES = 150_000;
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome'];
const out = join(root, 'docs', 'pictures');

/** 1 if all that is shown ran on one CPU, n if it was spread evenly over n. */
function coresUsed(view: View): number {
  const [from, to] = SHOWN as [number, number];
  const busy = view.cpus.map((_, cpu) => busyOf(view, cpu, from * 1000, to * 1000));
  return busy.reduce((a, b) => a + b, 0) ** 2 / busy.reduce((a, b) => a + b * b, 0);
}

const exists = (command: string): boolean => {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const browser = BROWSERS.find(exists);
const wanting = [...(browser ? [] : ['chromium']), ...(exists('optipng') ? [] : ['optipng'])];
if (!browser || wanting.length > 0) {
  console.error(
    `error: the pictures need ${wanting.join(' and ')}\n  hint: apt-get install -y ${wanting.join(' ')}`,
  );
  process.exit(1);
}

// Beside the pictures, so that each one is put into its place whole.
mkdirSync(out, { recursive: true });
const folder = mkdtempSync(join(out, '.new-'));
try {
  for (const [name, config] of Object.entries(SCHEDULERS)) {
    const run = await simulate(await exampleObject(name), { ...OPTIONS, config: config ?? {} });
    const recording = run.trace();
    const view = viewOf(recording);
    const page = join(folder, `${name}.html`);
    const picture = join(folder, `${name}.png`);
    writeFileSync(page, await tracePage(recording));
    execFileSync(
      browser,
      [
        ...['--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars'],
        ...['--force-color-profile=srgb', `--window-size=${SIZE}`],
        ...[`--user-data-dir=${join(folder, 'profile')}`, `--screenshot=${picture}`],
        `${pathToFileURL(page).href}#${SHOWN.join(',')},picture`,
      ],
      { stdio: 'pipe', timeout: 120_000 },
    );
    execFileSync('optipng', ['-quiet', '-o3', '-strip', 'all', picture], { stdio: 'inherit' });
    const { size } = statSync(picture);
    if (size > MAX_BYTES) throw new Error(`${name}.png has ${size} bytes, more than ${MAX_BYTES}`);
    renameSync(picture, join(out, `${name}.png`));
    console.log(
      `docs/pictures/${name}.png: ${size} bytes; ${coresUsed(view).toFixed(1)} cores used, ${view.slices.length} slices, ${recording.dropped} events lost`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
