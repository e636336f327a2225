// `npm run pictures`: draws what docs/pictures.md shows. Records the same load under simple, nest and central in one
// virtual machine, writes the page of `scxts trace` for each, and has a browser draw it. No test needs it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildTracer } from '../../dist/cli/trace/build.js';
import { tracePage } from '../../dist/cli/view/page.js';
import { viewOf } from '../../dist/sim/view/build.js';
import { decodeRecording, fromBase64 } from '../../dist/sim/view/file.js';
import { busyOf } from '../../dist/sim/view/measure.js';
import type { View } from '../../dist/sim/view/view.js';
import { runInVm } from '../../dist/vm/index.js';
import { buildExamples, root } from '../vm/examples/build.js';
import { reportLines } from '../vm/reports.js';

/**
 * With their flags. The load wakes up ten times a second, so that CPUs of nest would all be cold again after the 2 ms
 * that a core stays in the nest by default: they stay for 200.
 */
const SCHEDULERS = ['simple', 'nest -d 200000', 'central'];
const MACHINE = { kernel: '6.18', cpus: 8 };
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

await buildTracer();
await buildExamples();
const result = await runInVm({
  ...{ ...MACHINE, timeoutSec: 280, cwd: root },
  command: ['node', 'test/pictures/guest.mjs', ...SCHEDULERS],
});
const reports = reportLines(result) as unknown as { name: string; recording: string }[];
if (reports.length !== SCHEDULERS.length)
  throw new Error(`the guest did not record all:\n${result.stdout.slice(-2000)}\n${result.stderr}`);

// Beside the pictures, so that each one is put into its place whole.
mkdirSync(out, { recursive: true });
const folder = mkdtempSync(join(out, '.new-'));
try {
  for (const { name, recording: text } of reports) {
    const recording = await decodeRecording(fromBase64(text));
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
