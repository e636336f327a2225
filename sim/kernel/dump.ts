import type { Kernel } from './kernel.js';
import { NS_PER_MS } from './kernel.js';
import { Class, type Task } from './task.js';

/** Text of the debug dump while it is made; scx_bpf_dump() adds to it. */
export class DumpText {
  text = '';

  line(text: string): void {
    this.text += `${text}\n`;
  }

  /** scx_bpf_dump(): what it adds is set apart. */
  add(text: string): void {
    for (const line of text.replace(/\n$/, '').split('\n')) this.line(`      ${line}`);
  }
}

/** What the kernel writes of every CPU and runnable task when a scheduler fails. */
export function takeDump(k: Kernel): void {
  const { info } = k.exit;
  const s = k.scheduler;
  if (!info || info.kind < 1024 || !s) return;
  const out = new DumpText();
  k.dump = out;
  const here = k.here!;
  out.line(`${s.name} triggered exit kind ${info.kind}:`);
  out.line(`  ${info.reason}${info.message ? ` (${info.message})` : ''}\n`);
  if (s.dump) {
    k.enter(here, 'dump', null);
    s.dump();
    k.leave();
  }
  out.line('CPU states');
  out.line('----------');
  for (const cpu of k.cpus) {
    const { current } = cpu;
    const idle = !current && cpu.runnable.size === 0;
    out.line(
      `\nCPU ${String(cpu.id).padEnd(4)}: nr_run=${cpu.runnable.size} flags=0x${cpu.released ? 1 : 0} cpu_rel=${cpu.released ? 1 : 0} ops_qseq=0 pnt_seq=${cpu.schedules}`,
    );
    const shown = current ?? cpu.idleTask;
    out.line(`          curr=${shown} class=${className(shown.class)}`);
    if (s.dump_cpu) {
      k.enter(here, 'dump_cpu', null);
      s.dump_cpu(cpu.id, idle);
      k.leave();
    }
    if (current?.class === Class.EXT) dumpTask(k, out, current, '*');
    for (const p of cpu.runnable) if (p !== current) dumpTask(k, out, p, ' ');
  }
  info.dump = out.text;
  k.dump = null;
}

function className(c: Class): string {
  return ['dl', 'rt', 'fair', 'ext', 'idle'][c] + '_sched_class';
}

function dumpTask(k: Kernel, out: DumpText, p: Task, mark: string): void {
  const s = k.scheduler!;
  const late = Math.floor((p.runnableAt - k.now) / NS_PER_MS);
  out.line(`\n ${mark}${p.onQueue ? 'R' : 'S'} ${p} ${late >= 0 ? '+' : ''}${late}ms`);
  const queue = p.dsq
    ? `dsq_id=${p.dsq.kind === 'user' ? `0x${p.dsq.key.toString(16)}` : p.dsq.kind}`
    : 'dsq_id=(n/a)';
  const slice = p.memory.slice();
  out.line(`      scx_state/flags=${p.ext} ops_state/qseq=${p.place}/${p.custodyCount}`);
  out.line(
    `      sticky/holding_cpu=${p.stickyCpu}/-1 ${queue} slice=${slice === Infinity ? 'inf' : slice}`,
  );
  out.line(`      cpus=${p.mask}`);
  if (!s.dump_task) return;
  k.enter(k.here!, 'dump_task', p);
  s.dump_task(p, p.onQueue);
  k.leave();
}
