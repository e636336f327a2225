import { allFunctions } from '../ir/functions.js';
import type { Expr } from '../ir/nodes.js';
import { U64 } from '../ir/types.js';
import { walkExpr } from '../ir/walk.js';
import { enumByName } from '../kernel/index.js';
import type { Frontend } from './context.js';
import { binary } from './make.js';

const FLAG = 'SCX_OPS_KEEP_BUILTIN_IDLE';

/** What ends a scheduler where the kernel does not track idle CPUs: check_builtin_idle_enabled() in kernel/sched/ext/idle.c. */
const TRACKED =
  /^scx_bpf_(select_cpu_(dfl|and)|test_and_clear_cpu_idle|pick_idle_cpu(_node)?|get_idle_(cpu|smt)mask(_node)?)$/;

/**
 * With update_idle() of its own a scheduler turns the kernel's tracking of idle CPUs off, unless a flag says
 * otherwise. One that asks for idle CPUs all the same cannot mean that: it gets the flag.
 */
export function keepIdleTracking(fe: Frontend): void {
  const { scheduler, programs } = fe;
  if (!scheduler || !programs.some((p) => p.callback === 'update_idle')) return;
  const asks = allFunctions(fe).some((fn) =>
    fn.calls.some(({ target }) => target.kind === 'kernel' && TRACKED.test(target.name)),
  );
  const known = enumByName(FLAG);
  if (!asks || !known) return;
  const { span } = scheduler;
  const flag: Expr = { kind: 'enum', enumName: known.enumName, name: FLAG, type: U64, span };
  const given = scheduler.members.find((m) => m.name === 'flags');
  if (!given) {
    scheduler.members.push({ name: 'flags', value: flag, owner: scheduler.name });
    return;
  }
  let isThere = false;
  walkExpr(given.value, { expr: (e) => (isThere ||= e.kind === 'enum' && e.name === FLAG) });
  if (!isThere) given.value = binary('|', given.value, flag, U64, span);
}
