import { SimError } from '../errors.js';
import type { Policy } from '../kernel/task.js';
import type { CpuSet, Load, Random, Step, TaskGroup } from './description.js';
import { nsOf, type Duration } from './duration.js';
import type { Draw, Group, Op } from './program.js';

const POLICIES: readonly Policy[] = ['other', 'batch', 'idle', 'fifo', 'rr', 'deadline', 'ext'];
const MAX_TASKS = 100_000;

const refuse = (message: string, hint?: string): never => {
  throw new SimError('SIM_LOAD', message, hint);
};

function whole(value: unknown, what: string, least: number, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most)
    return value;
  return refuse(`${what} is ${JSON.stringify(value)}, not a whole number from ${least} to ${most}`);
}

/** CPUs of a set, checked against the machine. */
export function cpusOf(set: CpuSet, cpus: number, what: string): number[] {
  const list =
    typeof set === 'string'
      ? set.split(',').flatMap((part) => {
          const found = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part);
          if (!found) return refuse(`${what}: '${set}' is no list of CPUs`, 'as in 0-3,8');
          const from = Number(found[1]);
          const to = Number(found[2] ?? from);
          return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
        })
      : [...set];
  if (list.length === 0) refuse(`${what}: a task needs a CPU to run on`);
  for (const cpu of list)
    if (!Number.isInteger(cpu) || cpu < 0 || cpu >= cpus)
      refuse(`${what}: there is no CPU ${cpu}`, `the machine has CPUs 0 to ${cpus - 1}`);
  return list;
}

export function policyOf(policy: unknown, what: string): Policy {
  if (POLICIES.includes(policy as Policy)) return policy as Policy;
  return refuse(`${what}: '${String(policy)}' is no policy`, `there are ${POLICIES.join(', ')}`);
}

export function niceOf(nice: unknown, what: string): number {
  return whole(nice, `${what}: nice`, -20, 19);
}

function drawOf(value: Random | 'forever', what: string): Draw {
  if (value === 'forever') return { kind: 'fixed', ns: Infinity };
  if (Array.isArray(value)) {
    const [least, most] = value as readonly [string, string];
    const draw = { kind: 'between', least: nsOf(least, what), most: nsOf(most, what) } as const;
    if (draw.most < draw.least) refuse(`${what}: '${most}' is less than '${least}'`);
    return draw;
  }
  if (typeof value === 'object' && value !== null && 'exponential' in value)
    return { kind: 'exponential', mean: nsOf(value.exponential, what) };
  return { kind: 'fixed', ns: nsOf(value, what) };
}

/** Which member names a step. */
const STEPS: Readonly<Record<string, (step: never, what: string, cpus: number) => Op | Op[]>> = {
  run: (s: { run: Random | 'forever' }, what) => ({ op: 'run', time: drawOf(s.run, what) }),
  sleep: (s: { sleep: Random | 'forever' }, what) => ({ op: 'sleep', time: drawOf(s.sleep, what) }),
  until: (s: { until: Duration }, what) => ({ op: 'until', ns: nsOf(s.until, what) }),
  period: (s: { period: string }, what) => {
    const ns = nsOf(s.period, what);
    return ns > 0 ? { op: 'period', ns } : refuse(`${what}: a period is above 0`);
  },
  poisson: (s: { poisson: string }, what) => ({ op: 'poisson', mean: nsOf(s.poisson, what) }),
  wait: (s: { wait: string }) => ({ op: 'wait', name: String(s.wait) }),
  wake: (s: { wake: string; count?: number; sync?: boolean }, what) => ({
    ...{ op: 'wake', name: String(s.wake), sync: s.sync ?? false },
    count: whole(s.count ?? 1, `${what}: count`, 1, 1e6),
  }),
  barrier: (s: { barrier: string; of: number }, what) => ({
    ...{ op: 'barrier', name: String(s.barrier) },
    of: whole(s.of, `${what}: of`, 1, MAX_TASKS),
  }),
  lock: (s: { lock: string }) => ({ op: 'lock', name: String(s.lock) }),
  unlock: (s: { unlock: string }) => ({ op: 'unlock', name: String(s.unlock) }),
  yield: () => ({ op: 'yield' }),
  exit: () => ({ op: 'exit' }),
  fork: (s: { fork: string; count?: number }, what) => ({
    ...{ op: 'fork', group: String(s.fork) },
    count: whole(s.count ?? 1, `${what}: count`, 1, MAX_TASKS),
  }),
  nice: (s: { nice: number }, what) => ({ op: 'nice', nice: niceOf(s.nice, what) }),
  cpus: (s: { cpus: CpuSet }, what, cpus) => ({ op: 'cpus', cpus: cpusOf(s.cpus, cpus, what) }),
  cgroup: (s: { cgroup: string }, what) => ({ op: 'cgroup', path: pathOf(s.cgroup, what) }),
  policy: (s: { policy: Policy; priority?: number }, what) => ({
    ...{ op: 'policy', policy: policyOf(s.policy, what) },
    priority: priorityOf(s.policy, s.priority, what),
  }),
  repeat: (s: { repeat: number; steps: readonly Step[] }, what, cpus) => {
    const times = whole(s.repeat, `${what}: repeat`, 1, 1e9);
    return [...stepsOf(s.steps, what, cpus), { op: 'again', to: NaN, times }];
  },
};

export function pathOf(path: unknown, what: string): string {
  if (typeof path === 'string' && /^\/[^\0]*$/.test(path)) return path.replace(/\/+$/, '') || '/';
  return refuse(`${what}: '${String(path)}' is no cgroup`, "write its path, as '/web'");
}

export function priorityOf(policy: Policy, priority: unknown, what: string): number {
  if (policy !== 'fifo' && policy !== 'rr') return 0;
  return whole(priority ?? 1, `${what}: priority`, 1, 99);
}

/** Steps in a row; loops jump relative to their own place until placed() has put them somewhere. */
function stepsOf(steps: readonly Step[], what: string, cpus: number): Op[] {
  if (!Array.isArray(steps)) refuse(`${what} is no list of steps`);
  const ops: Op[] = [];
  steps.forEach((step: Step, i) => {
    const where = `${what}[${i}]`;
    const name = Object.keys(step as object).find((key) => Object.hasOwn(STEPS, key));
    if (name === undefined)
      return refuse(
        `${where}: ${JSON.stringify(step)} is no step`,
        `there are ${Object.keys(STEPS).join(', ')}`,
      );
    const made = STEPS[name]!(step as never, where, cpus);
    const first = ops.length;
    for (const op of Array.isArray(made) ? made : [made])
      if (op.op === 'again') ops.push({ ...op, to: Number.isNaN(op.to) ? first : op.to + first });
      else ops.push(op);
  });
  return ops;
}

function opsOf(group: TaskGroup, what: string, cpus: number): Op[] {
  const given = (['run', 'loop'] as const).filter((key) => group[key] !== undefined);
  if (given.length !== 1)
    refuse(
      `${what} has ${given.length ? "both 'run' and 'loop'" : "neither 'run' nor 'loop'"}`,
      "say what its tasks do: run: 'forever', or loop: [{ run: '1ms' }, { sleep: '2ms' }]",
    );
  const first = stepsOf(group.first ?? [], `${what}.first`, cpus);
  if (group.run !== undefined)
    return [...first, { op: 'run', time: drawOf(group.run, `${what}.run`) }, { op: 'exit' }];
  const loop = stepsOf(group.loop!, `${what}.loop`, cpus);
  if (loop.length === 0) refuse(`${what}.loop is empty`);
  const times = group.times === undefined ? Infinity : whole(group.times, `${what}.times`, 1, 1e9);
  const moved = loop.map((op) => (op.op === 'again' ? { ...op, to: op.to + first.length } : op));
  return [...first, ...moved, { op: 'again', to: first.length, times }, { op: 'exit' }];
}

const GROUP_KEYS: readonly string[] = [
  ...['name', 'count', 'first', 'loop', 'times', 'run', 'nice', 'policy', 'priority', 'cpus'],
  ...['cgroup', 'start', 'apart', 'kernelThread', 'threads'],
];

/** Checks the groups of a load against a machine; throws SimError for a load that cannot be. */
export function groupsOf(load: Load, cpus: number): Group[] {
  if (!Array.isArray(load.tasks)) refuse("the load has no list of 'tasks'");
  const names = new Set<string>();
  let total = 0;
  const groups = load.tasks.map((group, i): Group => {
    const what =
      typeof group.name === 'string' && group.name ? `tasks '${group.name}'` : `tasks[${i}]`;
    if (typeof group.name !== 'string' || !group.name) refuse(`${what} have no name`);
    if (names.has(group.name)) refuse(`there are two groups '${group.name}'`);
    names.add(group.name);
    for (const key of Object.keys(group))
      if (!GROUP_KEYS.includes(key))
        refuse(`${what} have no '${key}'`, `a group of tasks has ${GROUP_KEYS.join(', ')}`);
    const policy = policyOf(group.policy ?? 'other', what);
    total += group.count ?? 1;
    return {
      ...{ name: group.name, policy, nice: niceOf(group.nice ?? 0, what) },
      count: whole(group.count ?? 1, `${what}: count`, 0, MAX_TASKS),
      ops: opsOf(group, what, cpus),
      priority: priorityOf(policy, group.priority, what),
      cpus: group.cpus === undefined ? undefined : cpusOf(group.cpus, cpus, what),
      cgroup: pathOf(group.cgroup ?? '/', what),
      start: group.start === 'never' ? undefined : drawOf(group.start ?? 0, `${what}.start`),
      apart: drawOf(group.apart ?? 0, `${what}.apart`),
      ...{ kernelThread: group.kernelThread ?? false, threads: group.threads ?? false },
    };
  });
  whole(total, 'the number of tasks', 0, MAX_TASKS);
  checkForks(groups);
  return groups;
}

function checkForks(groups: readonly Group[]): void {
  for (const { name, ops } of groups)
    for (const op of ops)
      if (op.op === 'fork' && !groups.some((g) => g.name === op.group))
        refuse(`tasks '${name}' fork '${op.group}', which is no group of the load`);
}
