import { constantByName, enumByName, kernelFunction } from '../kernel/index.js';

const KEYWORDS = `auto break case char const continue default do double else enum extern float for goto if
   inline int long register restrict return short signed sizeof static struct switch typedef union unsigned
   void volatile while asm typeof bool true false`;

/** Macros of the generated file and of libbpf's headers, and what clang knows by itself. */
const RESERVED = new Set(
  `${KEYWORDS} NULL SEC LICENSE KERNEL_VERSION ctx barrier barrier_var can_loop
   offsetof container_of likely unlikely u8 u16 u32 u64 s8 s16 s32 s64 __u8 __u16 __u32 __u64 __s8 __s16
   __s32 __s64 __be16 __be32 __be64 __wsum linux unix exit abs memcpy memset memmove memcmp
   strlen strcmp strncmp license version syscall perf_event abort printf min max alloca index log exp round floor main
   counter_add array_elem array_get array_at object_elem object_get
   __weak __hidden __ksym __kconfig __kptr __always_inline __noinline __cleanup __scxts __contains __type __uint
   __array __ulong __bpf_unreachable __attribute__ __asm__ __typeof__`.split(/\s+/),
);

/** How names begin that belong to the generated file, to libbpf and to the kernel. */
const FOREIGN = /^(?:scxts|bpf|scx_bpf|SCXTS|BPF|SCX|PT_REGS)_/;
/** What C keeps for itself, predefined macros among it, and the variables of scxts's own macros. */
const OF_C = /^_[A-Z_]/;

const keywords = new Set(KEYWORDS.split(/\s+/));

/** Whether C has another meaning for the name, so that no member of a struct can have it. */
export function isKeyword(name: string): boolean {
  return keywords.has(name);
}

/** Why a member or a type, which keeps its name in C and BTF, cannot have this one; undefined if it can. */
export function whyNotInC(name: string): string | undefined {
  if (!/^[A-Za-z_]\w*$/.test(name)) return 'BTF has names of ASCII letters, digits and underscores';
  if (RESERVED.has(name) && /^(?:NULL|can_loop|__)/.test(name)) return 'it is a macro in C';
  if (OF_C.test(name)) return 'C keeps such names for itself';
  if (constantByName(name) ?? enumByName(name)) return 'it is a constant of the kernel';
  return undefined;
}

/** What the C functions of a map, list or timer are named by, after its own name. */
const OPERATIONS =
  /^(.+?)_(?:get|create|set|delete|add|bump|this|of|push|pop|peek|has|output|reserve|pending|start|restart|cancel|cb|unused|value|populate|alloc|free|first|remove|less|push_(?:front|back)|pop_(?:front|back))$/;

/** Hands out C identifiers that collide with nothing else in the file. */
export class NameTable {
  private readonly taken = new Set<string>();
  private readonly states = new Set<string>();
  private readonly kept = new Set<string>();
  /** Names of locals, and those of them that C could not have as they are written. */
  private readonly locals = new Set<string>();
  private readonly changedLocals = new Set<string>();

  constructor(private readonly parent?: NameTable) {}

  has(name: string): boolean {
    if (this.kept.has(name) || RESERVED.has(name) || this.taken.has(name) || kernelFunction(name))
      return true;
    const state = OPERATIONS.exec(name)?.[1];
    if (state !== undefined && this.states.has(state)) return true;
    return this.parent?.has(name) ?? false;
  }

  /** Keeps a name for what has to have it: nothing else is called so. */
  keep(name: string): void {
    this.kept.add(name);
  }

  /** The name of a map or the like, and of the functions that C has for it. */
  claimState(wanted: string): string {
    const name = this.claim(wanted);
    this.states.add(name);
    return name;
  }

  /** `wanted` if it is free, otherwise `wanted_2` and so on. */
  claim(wanted: string): string {
    const plain = wanted.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d)/, '_');
    const own = FOREIGN.test(plain) || OF_C.test(plain);
    return this.claimOwn(own ? `own_${plain}` : plain, wanted);
  }

  /**
   * The same for a name that scxts gives, which may begin as no name of a program does. `written` is what
   * stands in the program, where that is another.
   */
  claimOwn(wanted: string, written = wanted): string {
    const base = wanted.replace(/[^A-Za-z0-9_]/g, '_');
    let name = base;
    for (let n = 2; this.has(name) || this.isHidden(name, written); n++) name = `${base}_${n}`;
    this.taken.add(name);
    this.parent?.noteLocal(name, written);
    return name;
  }

  mark(): ReadonlySet<string> {
    return new Set(this.taken);
  }

  /** Gives back the names that were handed out since. */
  restore(taken: ReadonlySet<string>): void {
    this.taken.clear();
    for (const name of taken) this.taken.add(name);
  }

  /** Where a local has the name that `written` would get, although TypeScript tells the two apart. */
  private isHidden(name: string, written: string): boolean {
    return this.changedLocals.has(name) || (name !== written && this.locals.has(name));
  }

  private noteLocal(name: string, written: string): void {
    this.locals.add(name);
    if (name !== written) this.changedLocals.add(name);
    this.parent?.noteLocal(name, written);
  }

  /** Marks a name that is used as it is. */
  reserve(name: string): void {
    this.taken.add(name);
  }
}
