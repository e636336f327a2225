// The half of the energy component that runs in the kernel: follows what tasks and CPUs do, and places tasks by the
// model that the half in user space (userspace.ts) pushes, or by its pack-or-spread signal where there is no model.
import {
  component,
  scx_bpf_now,
  scx_bpf_task_cpu,
  ENOMEM,
  SCX_DEQ_SLEEP,
  type s32,
  type u32,
  u64,
} from 'scxts';
import {
  bigger,
  fits,
  needOf,
  noteOver,
  overutilised,
  place,
  type Placement,
} from './placement.bpf.js';
import { BY_SPREADING, cpu_uses, mode, new_task_util, task_uses } from './state.bpf.js';
import {
  capacityOf,
  charge,
  discharge,
  estimate,
  noteCpu,
  noteRan,
  noteWoken,
  utilOf,
} from './utilisation.bpf.js';

export const energy = component({
  name: 'energy',
  userspace: 'scxts/components/energy/userspace',

  ops: {
    init_task(p) {
      const t = task_uses.create(p);
      if (!t) return -ENOMEM;
      t.estimate = new_task_util;
      t.util = u64(new_task_util) << 10;
      t.at = scx_bpf_now();
      t.cpu = -1;
      return 0;
    },

    runnable(p) {
      const t = task_uses.get(p);
      if (!t) return;
      noteWoken(t);
      charge(t, scx_bpf_task_cpu(p));
    },

    running(p) {
      const t = task_uses.get(p);
      const cpu = scx_bpf_task_cpu(p);
      const now = scx_bpf_now();
      const c = cpu_uses.get(cpu);
      if (c) noteCpu(c, cpu, 1, now);
      if (!t) return;
      t.at = now;
      charge(t, cpu);
    },

    tick(p) {
      const t = task_uses.get(p);
      const cpu = scx_bpf_task_cpu(p);
      const now = scx_bpf_now();
      const c = cpu_uses.get(cpu);
      if (c) noteCpu(c, cpu, 1, now);
      if (c) noteOver(utilOf(c, cpu, now), capacityOf(cpu));
      if (t) noteRan(t, cpu, now);
    },

    stopping(p, runnable) {
      const t = task_uses.get(p);
      const cpu = scx_bpf_task_cpu(p);
      const now = scx_bpf_now();
      const c = cpu_uses.get(cpu);
      if (c) noteCpu(c, cpu, 0, now);
      if (t) noteRan(t, cpu, now);
    },

    quiescent(p, deq_flags) {
      const t = task_uses.get(p);
      if (!t) return;
      t.at = scx_bpf_now();
      // A task that is moved or gets another nice value is not done with what it does.
      if (deq_flags & SCX_DEQ_SLEEP) estimate(t);
      discharge(t);
    },

    disable(p) {
      const t = task_uses.get(p);
      if (t) discharge(t);
    },
  },

  api: {
    /** A CPU for a task that wakes up or is moved. */
    place(p, prev_cpu: s32): Placement {
      const t = task_uses.get(p);
      if (!t) return { cpu: prev_cpu, is_idle: false };
      return place(p, t, prev_cpu);
    },

    /** An idle CPU with more capacity for a task that needs more than its own has; -1 if there is none. */
    bigger(p): s32 {
      const t = task_uses.get(p);
      const cpu = scx_bpf_task_cpu(p);
      const capacity = capacityOf(cpu);
      if (!t || capacity === 1024 || fits(needOf(t), capacity)) return -1;
      return bigger(p, cpu);
    },

    /** What a CPU does, of 1024. */
    utilisation(cpu: s32): u32 {
      const c = cpu_uses.get(cpu);
      return c ? utilOf(c, cpu, scx_bpf_now()) : 0;
    },

    /**
     * Whether tasks are to be kept on few CPUs: what userspace makes of its inputs where there is no model. With one it
     * is for place() to say where, and this is true.
     */
    packing(): boolean {
      return mode !== BY_SPREADING;
    },

    /** Whether some CPU had more to do than fits, at the last placement or at a tick since. */
    overutilised(): boolean {
      return overutilised;
    },
  },
});
