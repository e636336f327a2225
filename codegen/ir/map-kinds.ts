/** What a program does with a map in one call of one function. */
export type MapOperation =
  | 'get'
  | 'create'
  | 'set'
  | 'delete'
  | 'add'
  /** add() where no other CPU can be at the value. */
  | 'bump'
  | 'this'
  | 'of'
  | 'push'
  | 'pop'
  | 'peek'
  | 'has'
  | 'output'
  | 'reserve'
  | 'pending'
  | 'populate'
  | 'alloc'
  | 'free'
  /** free() of an entry, and the index of one. */
  | 'freeEntry'
  | 'indexOf';

/** Methods of maps in the language. */
export type MapMethodName = Exclude<MapOperation, 'bump' | 'freeEntry'> | 'forEach' | 'drain';

/** What only some maps can have in their values: map_check_btf() in kernel/bpf/syscall.c. */
export type SpecialField = 'SpinLock' | 'Timer' | 'Kptr' | 'List';

export interface MapKindRow {
  /** In `enum bpf_map_type`: the name without BPF_MAP_TYPE_, and the value. */
  bpf: readonly [name: string, value: number];
  /** The type arguments of its constructor and what its first argument is; undefined where it is declared otherwise. */
  declared?: { types: 'value' | 'key value' | 'none'; size: 'entries' | 'bytes' | 'none' };
  methods: readonly MapMethodName[];
  /**
   * index: a u32 below the number of entries. stated: of the type that the program says. task_struct, cgroup: the
   * kernel's object that the value belongs to.
   */
  key: 'index' | 'stated' | 'task_struct' | 'cgroup' | 'none';
  /** Each CPU has values of its own. */
  perCpu?: true;
  /** A ring of records: its size is in bytes. */
  ring?: true;
  /** Entries are made when they are set. */
  unallocated?: true;
  /** A new entry may lie in the memory of a deleted one. */
  reusesMemory?: true;
  /** Programs that may sleep cannot use it: check_map_prog_compatibility() in kernel/bpf/verifier.c. */
  notWhereSleeping?: true;
  holds: readonly SpecialField[];
  /** The class of the userspace half. */
  view: string;
}

const NONE: readonly SpecialField[] = [];
const INDEXED = ['get', 'set', 'add', 'forEach'] as const;
const KEYED = ['get', 'set', 'delete', 'add', 'forEach'] as const;
const OF_VALUE = { types: 'value', size: 'entries' } as const;
const ONE_VALUE = { types: 'value', size: 'none' } as const;
const OF_KEYS = { types: 'key value', size: 'entries' } as const;
const RECORDS = { types: 'value', size: 'bytes' } as const;
const OWNER_METHODS = ['get', 'create', 'delete'] as const;
const QUEUE_METHODS = ['push', 'pop', 'peek'] as const;

const ROWS = {
  array: {
    bpf: ['ARRAY', 2],
    declared: OF_VALUE,
    methods: INDEXED,
    key: 'index',
    holds: ['SpinLock', 'Timer', 'Kptr', 'List'],
    view: 'ArrayMap',
  },
  percpuArray: {
    bpf: ['PERCPU_ARRAY', 6],
    declared: OF_VALUE,
    methods: [...INDEXED, 'of'],
    key: 'index',
    perCpu: true,
    holds: ['Kptr'],
    view: 'PercpuArrayMap',
  },
  percpu: {
    bpf: ['PERCPU_ARRAY', 6],
    declared: ONE_VALUE,
    methods: ['this', 'of'],
    key: 'index',
    perCpu: true,
    holds: ['Kptr'],
    view: 'PercpuVar',
  },
  hash: {
    bpf: ['HASH', 1],
    declared: OF_KEYS,
    methods: KEYED,
    key: 'stated',
    reusesMemory: true,
    holds: ['SpinLock', 'Timer', 'Kptr', 'List'],
    view: 'HashMap',
  },
  lruHash: {
    bpf: ['LRU_HASH', 9],
    declared: OF_KEYS,
    methods: KEYED,
    key: 'stated',
    reusesMemory: true,
    holds: ['Timer', 'Kptr'],
    view: 'HashMap',
  },
  percpuHash: {
    bpf: ['PERCPU_HASH', 5],
    declared: OF_KEYS,
    methods: [...KEYED, 'of'],
    key: 'stated',
    perCpu: true,
    holds: ['Kptr'],
    view: 'PercpuHashMap',
  },
  lruPercpuHash: {
    bpf: ['LRU_PERCPU_HASH', 10],
    declared: OF_KEYS,
    methods: [...KEYED, 'of'],
    key: 'stated',
    perCpu: true,
    holds: ['Kptr'],
    view: 'PercpuHashMap',
  },
  lpmTrie: {
    bpf: ['LPM_TRIE', 11],
    declared: OF_KEYS,
    methods: ['get', 'set', 'delete', 'add'],
    key: 'stated',
    unallocated: true,
    notWhereSleeping: true,
    holds: NONE,
    view: 'HashMap',
  },
  taskStorage: {
    bpf: ['TASK_STORAGE', 29],
    declared: ONE_VALUE,
    methods: OWNER_METHODS,
    key: 'task_struct',
    unallocated: true,
    holds: ['SpinLock', 'Kptr'],
    view: 'TaskStorageMap',
  },
  cgroupStorage: {
    bpf: ['CGRP_STORAGE', 32],
    declared: ONE_VALUE,
    methods: OWNER_METHODS,
    key: 'cgroup',
    unallocated: true,
    holds: ['SpinLock', 'Kptr'],
    view: 'CgroupStorageMap',
  },
  queue: {
    bpf: ['QUEUE', 22],
    declared: OF_VALUE,
    methods: QUEUE_METHODS,
    key: 'none',
    holds: NONE,
    view: 'QueueMap',
  },
  stack: {
    bpf: ['STACK', 23],
    declared: OF_VALUE,
    methods: QUEUE_METHODS,
    key: 'none',
    holds: NONE,
    view: 'QueueMap',
  },
  bloomFilter: {
    bpf: ['BLOOM_FILTER', 30],
    declared: OF_VALUE,
    methods: ['add', 'push', 'has'],
    key: 'none',
    notWhereSleeping: true,
    holds: NONE,
    view: 'BloomFilterMap',
  },
  ringbuf: {
    bpf: ['RINGBUF', 27],
    declared: RECORDS,
    methods: ['output', 'reserve', 'pending'],
    key: 'none',
    ring: true,
    holds: NONE,
    view: 'RingBuffer',
  },
  userRingbuf: {
    bpf: ['USER_RINGBUF', 31],
    declared: RECORDS,
    methods: ['drain'],
    key: 'none',
    ring: true,
    holds: NONE,
    view: 'UserRingBuffer',
  },
  arena: {
    bpf: ['ARENA', 33],
    declared: OF_VALUE,
    methods: ['populate', 'get', 'alloc', 'free', 'indexOf'],
    key: 'index',
    holds: NONE,
    view: 'ArenaView',
  },
  /** Counters of a PMU, one for each CPU: its values are file descriptors of user space. */
  perfEvents: {
    bpf: ['PERF_EVENT_ARRAY', 4],
    declared: { types: 'none', size: 'none' },
    methods: ['of'],
    key: 'index',
    holds: NONE,
    view: 'PerfEventsMap',
  },
  arrayOfMaps: {
    bpf: ['ARRAY_OF_MAPS', 12],
    methods: ['get'],
    key: 'index',
    holds: NONE,
    view: 'MapOfMaps',
  },
  hashOfMaps: {
    bpf: ['HASH_OF_MAPS', 13],
    methods: ['get'],
    key: 'stated',
    holds: NONE,
    view: 'MapOfMaps',
  },
  /** The one entry of a timer at module level. */
  timer: { bpf: ['ARRAY', 2], methods: [], key: 'index', holds: ['Timer'], view: 'ArrayMap' },
} as const satisfies Record<string, MapKindRow>;

export type MapKind = keyof typeof ROWS;

/** One row a kind of map: what the compiler, the generated C and the skeleton know of it. */
export const MAP_KINDS: Readonly<Record<MapKind, MapKindRow>> = ROWS;

/** Kinds that a value with such a field can be in. */
export function holdersOf(special: SpecialField): MapKind[] {
  return (Object.keys(MAP_KINDS) as MapKind[]).filter(
    (kind) => kind !== 'timer' && MAP_KINDS[kind].holds.includes(special),
  );
}
