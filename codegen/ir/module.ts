import type { MapKind } from './map-kinds.js';
import type { Expr, Local, Stmt } from './nodes.js';
import type { Release } from './releases.js';
import type { Span } from './span.js';
import type { CType, StructDef } from './types.js';

export interface FunctionIr {
  /** C name. */
  name: string;
  params: Local[];
  returns: CType;
  body: Stmt[];
  noinline: boolean;
  span: Span;
  /** Set if the caller must give back what it returns. */
  returnsOwned?: Release;
  /** Set on what the kernel calls back. */
  role?: FunctionRole;
  /** Of a function that returns references: its parameters, by position, that it may return, and whether there is more. */
  gives?: { params: ReadonlySet<number>; elsewhere: boolean };
  /** The parameter, the last but for a context, with the address of the caller's room for an object that it returns. */
  room?: Local;
  /** Kernel functions and user functions that its body calls, with the place of each call. */
  calls: CallSite[];
}

/** What the kernel calls a function for. `entry` names what it calls, which passes the arguments on. */
export type FunctionRole =
  /** With each entry of a map, or each record of a ring; `captures` has addresses of variables around it. */
  | { kind: 'forEach' | 'drain'; map: MapIr; captures?: StructDef; entry: string }
  /** When a timer fires: one at module level, or one in the values of a map. */
  | { kind: 'timer'; timer: TimerIr }
  | { kind: 'valueTimer'; map: MapIr; entry: string }
  /** To order the objects of a tree. */
  | { kind: 'less'; collection: CollectionIr };

export type CallTarget =
  | { kind: 'kernel'; name: string }
  | { kind: 'function'; fn: FunctionIr }
  /** A function that the kernel calls back within this call. */
  | { kind: 'callback'; fn: FunctionIr }
  /** One that it calls later, in an interrupt. */
  | { kind: 'timer'; timer: Pick<TimerIr, 'fired'> };

export interface CallSite {
  target: CallTarget;
  span: Span;
  /** Inside the true branch of an `exists()` test for it. */
  guarded: boolean;
}

export interface MapIr extends Owned {
  /** In C. */
  name: string;
  /** What userspace knows it by: the name in TypeScript, and which of several (declarations/state-names.ts). */
  tsName: string;
  kind: MapKind;
  key?: CType;
  value?: CType;
  /** Entries; bytes for rings; pages for arenas. */
  maxEntries: bigint;
  /** max_entries is set to the number of possible CPUs when opened. */
  perCpuSized: boolean;
  /** Of arenas, which are parts of one map: that of the first, and on the first all of them. */
  part?: { of: MapIr };
  parts?: MapIr[];
  /** Prototype of a map-in-map, and its initial members. */
  inner?: MapIr;
  members?: MapIr[];
  span: Span;
}

export interface GlobalIr extends Owned {
  name: string;
  tsName: string;
  type: CType;
  init?: Expr;
  /** 'config': .rodata set before load; 'table': constant data; 'kconfig': from the kernel's .config. */
  storage: 'data' | 'config' | 'configArray' | 'table' | 'kconfig' | 'private';
  help?: string;
  /** Section other than the default. */
  section?: string;
  kptr?: boolean;
  contains?: { struct: StructDef; node: string };
  span: Span;
}

/** A linked list or red-black tree of objects that the program allocates. */
export interface CollectionIr {
  name: string;
  tsName: string;
  shape: 'list' | 'rbTree';
  /** Itself; what is a member of a value has none: operations are given where it is. */
  global?: GlobalIr;
  /** Of a tree that is a member: that tree, of which this has an order to add by. */
  orders?: CollectionIr;
  /** What it holds, and the field that links it. */
  of: StructDef;
  node: string;
  /** The spin lock under which it is used; both are in one section. */
  lock?: GlobalIr;
  span: Span;
}

/** A variable of the kernel, found by its name. */
export interface KernelVariableIr {
  /** Of the C functions that find it. */
  name: string;
  tsName: string;
  /** The kernel's name. */
  symbol: string;
  type: CType;
  perCpu: boolean;
  /** What it holds is the address of the object: `struct cpufreq_policy *`. */
  holdsAddress: boolean;
  span: Span;
}

/** The userspace half of a component: a module name, or the path of a file. */
export type UserspaceModule = { specifier: string } | { path: string };

export interface ComponentIr {
  name: string;
  userspace?: UserspaceModule;
}

/** Set on state that belongs to a component: its name there is the rest after `COMPONENT_`. */
interface Owned {
  component?: string;
}

export interface CounterIr extends Owned {
  name: string;
  tsName: string;
  help: string;
  span: Span;
}

export interface ProgramIr extends Owned {
  /** ELF section. */
  section: string;
  fn: FunctionIr;
  /** Which callback of sched_ext_ops, for struct_ops programs. */
  callback?: string;
  /** 'rawTracepoint': arguments come as numbers; pointers among them are turned into kernel objects. */
  kind: 'struct_ops' | 'tracing' | 'rawTracepoint' | 'iterator' | 'raw' | 'syscall';
  sleepable: boolean;
  /** Where the kernel has nothing for it to attach to it is left out. */
  optional?: true;
  /** Loaded only when user space says so. */
  offByDefault?: true;
  tsName: string;
  /** What the loader needs to attach it besides its section. */
  attach?: string;
  /** Argument struct of a syscall program. */
  args?: StructDef;
  span: Span;
}

export interface SchedulerIr {
  name: string;
  /** Data members of sched_ext_ops, as C initialisers. */
  members: {
    name: string;
    value: Expr;
    /** The scheduler or component that sets it. */ owner: string;
  }[];
  span: Span;
}

/** A timer at module level: the one entry of a map of its own. */
export interface TimerIr {
  tsName: string;
  map: MapIr;
  /** What runs when it fires; known once all functions are compiled. */
  fired?: FunctionIr;
}

/** A timer in a value. The kernel forgets the callback of a timer that it cancels; cancel() sets it again. */
export interface TimerFieldIr {
  /** C function that cancels it: STRUCT_FIELD_cancel. */
  cancel: string;
  cancelled: boolean;
  /** Functions that init() names. */
  callbacks: FunctionIr[];
}

export interface MacroIr {
  name: string;
  value: Expr;
}

/** A number, or an enum or object of numbers, that the program exports. */
export interface ConstantIr {
  name: string;
  value: bigint | ReadonlyMap<string, bigint>;
  /** 64-bit by its type: bigint in userspace. */
  wide: boolean;
}

/** A whole scheduler, ready to be printed. */
export interface ModuleIr {
  /** Path of the entry file. */
  source: string;
  /** Oldest kernel that it has to load on. */
  minKernel: string;
  scheduler: SchedulerIr;
  /** Those that the scheduler uses, in its order. */
  components: ComponentIr[];
  structs: StructDef[];
  macros: MacroIr[];
  /** What the userspace half shares. */
  exported: ConstantIr[];
  globals: GlobalIr[];
  counters: CounterIr[];
  maps: MapIr[];
  collections: CollectionIr[];
  kernelVariables: KernelVariableIr[];
  /** Structs that the program allocates with alloc(). */
  allocated: StructDef[];
  /** In an order in which callees come first. */
  functions: FunctionIr[];
  timers: TimerIr[];
  timerFields: TimerFieldIr[];
  programs: ProgramIr[];
}
