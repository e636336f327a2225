import { SimError } from '../errors.js';
import type { Load, Step, TaskGroup } from './description.js';
import type { Policy } from '../kernel/task.js';

// The format of rt-app (https://github.com/scheduler-tools/rt-app, doc/tutorial.txt): times are us. An object of JSON keeps
// the order of its members, which is the order of events.

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a value is a load of rt-app: its tasks are an object by name. */
export function isRtApp(value: unknown): value is Json {
  return isObject(value) && isObject(value['tasks']);
}

const POLICIES: Readonly<Record<string, Policy>> = {
  SCHED_OTHER: 'other',
  SCHED_BATCH: 'batch',
  SCHED_IDLE: 'idle',
  SCHED_RR: 'rr',
  SCHED_FIFO: 'fifo',
  SCHED_DEADLINE: 'deadline',
};

const refuse = (what: string, problem: string): never => {
  throw new SimError('SIM_RT_APP', `rt-app: ${what}: ${problem}`);
};

function us(value: unknown, what: string): string {
  if (typeof value === 'number' && value >= 0) return `${value}us`;
  return refuse(what, `${JSON.stringify(value)} is no time in us`);
}

function text(value: unknown, what: string): string {
  return typeof value === 'string' ? value : refuse(what, `${JSON.stringify(value)} is no name`);
}

/** How many tasks use a barrier: rt-app counts them itself. */
type Users = Map<string, number>;

/** What each event becomes; `name` is its key, which may have a number behind it (`run0`). */
const EVENTS: Readonly<
  Record<string, (value: unknown, what: string, users: Users) => readonly Step[]>
> = {
  run: (v, what) => [{ run: us(v, what) }],
  runtime: (v, what) => [{ run: us(v, what) }],
  sleep: (v, what) => [{ sleep: us(v, what) }],
  timer: (v, what) => [{ period: us(isObject(v) ? v['period'] : v, what) }],
  lock: (v, what) => [{ lock: text(v, what) }],
  unlock: (v, what) => [{ unlock: text(v, what) }],
  wait: (v, what) => [{ wait: isObject(v) ? text(v['ref'], what) : text(v, what) }],
  signal: (v, what) => [{ wake: text(v, what) }],
  broad: (v, what) => [{ wake: text(v, what) }],
  suspend: (v, what) => [{ wait: `suspend:${text(v, what)}` }],
  resume: (v, what) => [{ wake: `suspend:${text(v, what)}` }],
  barrier: (v, what, users) => [{ barrier: text(v, what), of: users.get(text(v, what)) ?? 1 }],
  fork: (v, what) => [{ fork: text(v, what) }],
  yield: () => [{ yield: true }],
};
/** Settings of a phase, and events without an effect on the CPU, which are left out. */
const SETTINGS = new Set(['loop', 'phases', 'cpus', 'policy', 'priority', 'instance', 'delay']);
const LEFT_OUT = new Set(['mem', 'iorun', 'taskgroup', 'nodes_membind', 'numa_nodes_membind']);
const REFUSED = new Set(['util_min', 'util_max', 'dl-runtime', 'dl-period', 'dl-deadline']);

const bare = (key: string): string => key.replace(/\d+$/, '');

function stepsOf(events: Json, what: string, users: Users): Step[] {
  const steps: Step[] = [];
  for (const [key, value] of Object.entries(events)) {
    const kind = bare(key);
    const where = `${what}.${key}`;
    if (SETTINGS.has(key) || LEFT_OUT.has(kind)) continue;
    const made = EVENTS[kind];
    if (made) steps.push(...made(value, where, users));
    else if (REFUSED.has(key)) refuse(where, 'the model has nothing like it');
    else refuse(where, 'is no event that the model knows');
  }
  return steps;
}

function settings(phase: Json, what: string): Step[] {
  const steps: Step[] = [];
  const { cpus, policy, priority } = phase;
  if (cpus !== undefined) steps.push({ cpus: cpuList(cpus, what) });
  if (policy !== undefined)
    steps.push({
      policy: policyOf(policy, what),
      ...(typeof priority === 'number' && { priority }),
    });
  return steps;
}

function cpuList(cpus: unknown, what: string): number[] {
  if (!Array.isArray(cpus)) return refuse(what, "'cpus' is a list of numbers");
  return cpus as number[];
}

function policyOf(policy: unknown, what: string): Policy {
  return POLICIES[String(policy)] ?? refuse(what, `there is no policy '${String(policy)}'`);
}

/** Phases in a row, each repeated by its `loop`; -1 is for ever. */
function phaseSteps(phase: Json, what: string, users: Users): Step[] {
  const steps = stepsOf(phase, what, users);
  const loop = phase['loop'] ?? 1;
  if (typeof loop !== 'number') return refuse(`${what}.loop`, 'is a number');
  const repeated: Step[] =
    loop === 1 ? steps : [{ repeat: loop < 0 ? 1e9 : Math.max(1, loop), steps }];
  return [...settings(phase, what), ...repeated];
}

function groupOf(name: string, task: Json, users: Users): TaskGroup {
  const what = `tasks.${name}`;
  const { phases, loop, instance, policy, priority, delay, cpus } = task;
  const steps = isObject(phases)
    ? Object.entries(phases).flatMap(([key, phase]) =>
        isObject(phase)
          ? phaseSteps(phase, `${what}.phases.${key}`, users)
          : refuse(`${what}.phases.${key}`, 'is no phase'),
      )
    : stepsOf(task, what, users);
  if (steps.length === 0) refuse(what, 'does nothing');
  const kind = policy === undefined ? 'other' : policyOf(policy, what);
  const realtime = kind === 'fifo' || kind === 'rr';
  const times = typeof loop === 'number' ? loop : -1;
  const forked = [...users.keys()].includes(`fork:${name}`);
  return {
    ...{ name, policy: kind, loop: steps },
    count: typeof instance === 'number' ? instance : 1,
    ...(times > 0 && { times }),
    ...(typeof priority === 'number' && (realtime ? { priority } : { nice: priority })),
    ...(cpus !== undefined && { cpus: cpuList(cpus, what) }),
    ...(delay !== undefined && { start: us(delay, `${what}.delay`) }),
    ...(forked && { start: 'never' as const }),
  };
}

/** How many tasks come to each barrier, and (as `fork:NAME`) who is forked. */
function usersOf(tasks: Json): Users {
  const users: Users = new Map();
  const count = (events: Json, instances: number): void => {
    for (const [key, value] of Object.entries(events)) {
      if (key === 'phases' && isObject(value))
        for (const phase of Object.values(value)) if (isObject(phase)) count(phase, instances);
      if (bare(key) === 'barrier')
        users.set(String(value), (users.get(String(value)) ?? 0) + instances);
      if (bare(key) === 'fork') users.set(`fork:${String(value)}`, 1);
    }
  };
  for (const task of Object.values(tasks))
    if (isObject(task)) count(task, typeof task['instance'] === 'number' ? task['instance'] : 1);
  return users;
}

/** The load that a file of rt-app describes; throws SimError for what the model cannot do. */
export function loadOfRtApp(file: Json): Load {
  const tasks = file['tasks'] as Json;
  const users = usersOf(tasks);
  return {
    tasks: Object.entries(tasks).map(([name, task]) =>
      isObject(task) ? groupOf(name, task, users) : refuse(`tasks.${name}`, 'is no task'),
    ),
  };
}
