// `npm run bench:views`: how long the trace page takes to open with a million slices, and for a frame.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { tracePage } from '../../dist/cli/view/page.js';
import { Events } from '../../dist/sim/view/events.js';
import { emptyRecording } from '../../dist/sim/view/recording.js';

const SLICES = Number(process.argv[2] ?? 1_000_000);
const CPUS = 16;
const TASKS = 400;
const FRAMES = 30;

/** A machine whose CPUs are busy with tasks that wake each other; the same numbers each time. */
function recordingOf(slices) {
  let seed = 1;
  const random = () => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const events = new Events();
  const current = new Array(CPUS).fill(0);
  let time = 0;
  const busy = new Set();
  for (let n = 0; n < slices; n++) {
    time += Math.ceil(random() * 4000);
    const cpu = Math.floor(random() * CPUS);
    let pid = 1 + Math.floor(random() * TASKS);
    while (busy.has(pid)) pid = (pid % TASKS) + 1;
    events.add(time - 900, 1, (cpu + 3) % CPUS, pid, current[(cpu + 3) % CPUS], cpu + 1);
    events.add(time - 800, 3, cpu, pid, 0, 0, n % 3);
    busy.delete(current[cpu]);
    busy.add(pid);
    events.add(time, 0, cpu, pid, current[cpu], n % 4 === 0 ? 0x8000_0000 : 1);
    current[cpu] = pid;
  }
  return {
    ...emptyRecording({ scheduler: 'bench', kernel: 'none' }),
    ...{ length: time + 1000, events, queues: ['DSQ 0', 'DSQ 1', 'DSQ 2'] },
    cpus: Array.from({ length: CPUS }, (_, id) => ({
      id,
      core: id,
      llc: id >> 3,
      node: 0,
      capacity: 1024,
    })),
    tasks: Array.from({ length: TASKS }, (_, i) => ({
      ...{ pid: i + 1, name: `task${i}`, process: `process${i % 20}` },
    })),
  };
}

const folder = mkdtempSync(join(tmpdir(), 'scxts-bench-'));
const executablePath = execFileSync(
  'sh',
  ['-c', 'command -v chromium || command -v google-chrome'],
  {
    encoding: 'utf8',
  },
).trim();
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const path = join(folder, 'page.html');
  const began = performance.now();
  writeFileSync(path, await tracePage(recordingOf(SLICES)));
  const wrote = performance.now() - began;
  const page = await browser.newPage({ viewport: { width: 1400, height: 860 } });
  const opened = performance.now();
  await page.goto(pathToFileURL(path).href);
  await page.waitForFunction(() => globalThis.scxtsTimeline?.frameTime > 0, undefined, {
    polling: 10,
  });
  const open = performance.now() - opened;
  // All of it, and nearer and nearer: each frame is drawn anew.
  const times = await page.evaluate(async (frames) => {
    const { state } = globalThis.scxtsTimeline;
    const out = [];
    for (let i = 0; i < frames; i++) {
      if (i % 10 === 0) state.show(0, state.view.length);
      else state.zoom(0.6, state.view.length / 3);
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      out.push(globalThis.scxtsTimeline.frameTime);
    }
    return out;
  }, FRAMES);
  times.sort((a, b) => a - b);
  const count = await page.evaluate(() => globalThis.scxtsTimeline.view.slices.length);
  console.log(
    `${count} slices: page of ${(statSync(path).size / 1e6).toFixed(1)} MB written in ${(wrote / 1000).toFixed(1)} s, ` +
      `opened in ${(open / 1000).toFixed(2)} s; a frame takes ${times[times.length >> 1].toFixed(1)} ms (half of them less), at most ${times.at(-1).toFixed(1)} ms`,
  );
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
