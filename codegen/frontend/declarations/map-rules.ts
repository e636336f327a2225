import { fieldInMap, mapShape } from '../../diagnostics/catalogue/state.js';
import { layoutOf } from '../../ir/layout.js';
import { MAP_KINDS, holdersOf, type SpecialField } from '../../ir/map-kinds.js';
import type { MapIr } from '../../ir/module.js';
import type { Span } from '../../ir/span.js';
import type { CType } from '../../ir/types.js';
import type { Frontend } from '../context.js';
import { BUILTIN_STRUCTS } from '../structs.js';

/** PCPU_MIN_UNIT_SIZE in include/linux/percpu.h. */
const PERCPU_BYTES = 32 << 10;

/** What the kernel would refuse when the map is made. */
export function checkMap(fe: Frontend, map: MapIr): void {
  const { value } = map;
  if (value) checkFields(fe, map, value);
  if (value && map.kind !== 'arena')
    checkArenaLocks(fe, `${map.kind} '${map.tsName}'`, value, map.span);
  const what = `${map.kind} '${map.tsName}'`;
  if (value?.kind === 'struct' && value.struct.kernel)
    fe.report(
      mapShape(
        map.span,
        `a value of ${what} cannot be a ${value.struct.name}`,
        'keep what finds it again, such as the pid for bpf_task_from_pid(), or own it: Kptr<T> in an interface',
      ),
    );
  if (map.kind === 'lpmTrie' && map.key && !isPrefix(map.key))
    fe.report(
      mapShape(
        map.span,
        `the key of ${what} has no length in front`,
        'interface Key { prefixlen: u32; data: FixedArray<u8, 4> }',
      ),
    );
  if (MAP_KINDS[map.kind].perCpu && value && layoutOf(value).size > PERCPU_BYTES)
    fe.report(
      mapShape(
        map.span,
        `a value of ${what} has more than ${PERCPU_BYTES} bytes`,
        'use array<T>(NR_CPUS), indexed by the CPU',
      ),
    );
}

/** struct bpf_lpm_trie_key: the length, then at least a byte. */
function isPrefix(key: CType): boolean {
  if (key.kind !== 'struct') return false;
  const [first, ...rest] = key.struct.fields();
  return first?.type.kind === 'int' && first.type.bits === 32 && rest.length > 0;
}

/** Globals are mapped into userspace, which memory with such fields cannot be. */
export function checkGlobal(fe: Frontend, name: string, type: CType, span: Span): void {
  const held = type.kind === 'array' ? type.of : type;
  if (held.kind === 'struct' && held.struct.kernel)
    fe.report(
      mapShape(
        span,
        `the global '${name}' cannot be a ${held.struct.name}`,
        insteadOf(held.struct.name),
      ),
    );
  checkArenaLocks(fe, `the global '${name}'`, type, span);
  const counts = countIn(type);
  for (const special of ['SpinLock', 'Timer', 'Kptr', 'List'] as const)
    if (counts[special] > 0)
      fe.report(fieldInMap(span, article(special), `the global '${name}'`, INSTEAD[special]));
}

/** Of objects that programs make themselves the kernel wants to know who owns them. */
export function insteadOf(struct: string): string {
  return struct === 'bpf_cpumask'
    ? 'own masks: let mask: Kptr<bpf_cpumask> | null = null; or FixedArray<Kptr<bpf_cpumask>, N> for several; make them with bpf_cpumask_create() and move them in with kptrXchg()'
    : 'keep the fields that you need, in an interface of your own';
}

/** A lock in memory that is not an arena's would be none for the verifier. */
function checkArenaLocks(fe: Frontend, what: string, type: CType, span: Span): void {
  if (hasArenaLock(type))
    fe.report(
      fieldInMap(
        span,
        'an ArenaSpinLock',
        what,
        'use SpinLock here; ArenaSpinLock is for entries of an arena',
      ),
    );
}

function hasArenaLock(type: CType): boolean {
  if (type.kind === 'array') return hasArenaLock(type.of);
  if (type.kind !== 'struct' || type.struct.kernel) return false;
  return (
    type.struct === BUILTIN_STRUCTS['ArenaSpinLock'] ||
    type.struct.fields().some((f) => hasArenaLock(f.type))
  );
}

const INSTEAD: Record<SpecialField, string> = {
  SpinLock:
    'declare the lock by itself: const lock = spinLock(); or put the struct into array<T>(1)',
  Timer:
    'declare the timer by itself: const t = timer(() => { ... }); or put the struct into array<T>(1)',
  List: 'declare it by itself: const waiting = list<Item>(); or put the struct into array<T>(1)',
  Kptr: 'declare it by itself: let mask: Kptr<T> | null = null; or put the struct into array<T>(1)',
};

function article(special: SpecialField): string {
  return special === 'List' ? 'a List or RbTree' : `a ${special}`;
}

function countIn(type: CType): Record<SpecialField, number> {
  const counts = { SpinLock: 0, Timer: 0, Kptr: 0, List: 0 };
  count(type, 1, counts);
  return counts;
}

function checkFields(fe: Frontend, map: MapIr, value: CType): void {
  const counts = countIn(value);
  const what = `${map.kind} '${map.tsName}'`;
  for (const special of ['SpinLock', 'Timer', 'Kptr', 'List'] as const) {
    const found = counts[special];
    if (found === 0) continue;
    if (!MAP_KINDS[map.kind].holds.includes(special)) {
      const perCpu = MAP_KINDS[map.kind].perCpu && special !== 'Kptr';
      const hint = perCpu
        ? 'use array<T>(NR_CPUS), indexed by the CPU'
        : `these can: ${holdersOf(special).join(', ')}`;
      fe.report(fieldInMap(map.span, article(special), what, hint));
    } else if (special === 'List' && counts.SpinLock === 0)
      fe.report(
        fieldInMap(
          map.span,
          'a List or RbTree without a lock',
          what,
          'give the value a lock: SpinLock, and hold it around what is done with the list: using held = c.lock.hold();',
        ),
      );
    else if ((special === 'SpinLock' || special === 'Timer') && found > 1)
      fe.report(
        fieldInMap(
          map.span,
          `${found} of ${special} in a value`,
          what,
          `a value has one ${special}: put others into a map of their own`,
        ),
      );
  }
}

function count(type: CType, times: number, counts: Record<SpecialField, number>): void {
  if (type.kind === 'array') return count(type.of, times * type.length, counts);
  if (type.kind !== 'struct' || type.struct.kernel) return;
  if (type.struct === BUILTIN_STRUCTS['SpinLock']) counts.SpinLock += times;
  else if (type.struct === BUILTIN_STRUCTS['Timer']) counts.Timer += times;
  else if (type.struct === BUILTIN_STRUCTS['List'] || type.struct === BUILTIN_STRUCTS['RbTree'])
    counts.List += times;
  else
    for (const field of type.struct.fields()) {
      if (field.kptr) counts.Kptr += times;
      else count(field.type, times, counts);
    }
}
