// Loads every object named and prints a JSON line for each. In a guest as root; with --host on a kernel
// that need not have sched_ext.
import { openObject } from '../../dist/native/runtime/index.js';

const host = process.argv[2] === '--host';
for (const path of process.argv.slice(host ? 3 : 2)) {
  const started = performance.now();
  let report;
  try {
    const open = openObject(path);
    const loaded = host ? open.loadWithoutScheduler() : open.load({ onWarning: () => undefined });
    loaded[Symbol.dispose]();
    report = { ok: true };
  } catch (error) {
    report = { ok: false, error: String(error.message).slice(-3000) };
  }
  console.log(JSON.stringify({ path, ms: Math.round(performance.now() - started), ...report }));
}
