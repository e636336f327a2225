// Reads what the witness programs saw (test/vm/schedulers/witness.ts).
import { openObject } from '../../../dist/native/runtime/index.js';

export class Witness {
  constructor(cpus) {
    this.cpus = cpus;
    const open = openObject('dist/examples/witness.bpf.o');
    open.config.nr_cpus = cpus;
    // As pair does by default: the first half with the second.
    open.config.partner = Array.from({ length: open.config.partner.length }, (_, i) =>
      i < cpus - (cpus % 2) ? (i + (cpus >> 1)) % (cpus & ~1) : -1,
    );
    this.loaded = open.loadWithoutScheduler({ onWarning: () => undefined });
    for (const program of Object.values(this.loaded.progs)) program.attach();
  }

  reset() {
    const { maps, globals } = this.loaded;
    for (let cpu = 0; cpu < this.cpus; cpu++) {
      const c = maps.on.get(cpu);
      maps.on.set(cpu, { ...c, busy_ns: 0n, same_ns: 0n, mixed_ns: 0n });
    }
    globals.max_wait_ns = 0n;
    globals.max_wait_pid = 0;
    globals.nr_switches = 0n;
    this.begin = performance.now();
  }

  read() {
    const { maps, globals } = this.loaded;
    const cpus = Array.from({ length: this.cpus }, (_, cpu) => maps.on.get(cpu));
    const busyMs = cpus.map((c) => Number(c.busy_ns) / 1e6);
    const sum = (of) => cpus.reduce((total, c) => total + Number(of(c)), 0) / 1e6;
    const total = busyMs.reduce((a, b) => a + b, 0);
    const squares = busyMs.reduce((a, b) => a + (b / total) ** 2, 0);
    return {
      seconds: (performance.now() - this.begin) / 1000,
      busyMs,
      // 1 if all was on one CPU, n if it was spread evenly over n.
      coresUsed: total > 0 ? 1 / squares : 0,
      switches: Number(globals.nr_switches),
      maxWaitMs: Number(globals.max_wait_ns) / 1e6,
      maxWaitTask: `${globals.max_wait_comm} (${globals.max_wait_pid})`,
      sameMs: sum((c) => c.same_ns),
      mixedMs: sum((c) => c.mixed_ns),
    };
  }

  close() {
    this.loaded.close();
  }
}
