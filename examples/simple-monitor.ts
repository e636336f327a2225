// The userspace half of simple.ts: loads it through the typed skeleton, prints its counters and its
// virtual clock each second, and detaches after ten seconds or when the kernel ends it.
//   scxts build examples/simple.ts && sudo scxts run examples/simple-monitor.ts
import { Simple } from './simple.skel.js';

const open = Simple.open(); // no kernel touched yet
open.config.fifo = process.argv.includes('--fifo');
open.ops.timeout_ms = 5000;

const simple = open.load(); // maps exist, programs are verified
const link = simple.attach(); // scheduling now

const seconds = Number(process.env['SECONDS_TO_RUN'] ?? 10);
const stop = new Promise<undefined>((resolve) =>
  setTimeout(() => resolve(undefined), seconds * 1000),
);
const ticker = setInterval(() => {
  const { nr_local, nr_shared } = simple.counters;
  console.log(
    `local ${nr_local.total()}  shared ${nr_shared.total()}  vtime ${simple.globals.vtime_now / 1_000_000n} ms`,
  );
}, 1000);

const exit = (await Promise.race([stop, link.exited])) ?? link.detach();
clearInterval(ticker);
console.log(
  `simple ended: ${exit?.reason ?? 'detached'}${exit?.message ? ` (${exit.message})` : ''}`,
);
simple[Symbol.dispose]();
