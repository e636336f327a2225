const KEYWORDS = `auto break case char const continue default do double else enum extern float for goto if
   inline int long register restrict return short signed sizeof static struct switch typedef union unsigned
   void volatile while asm typeof bool true false`;

const RESERVED = new Set(
  `${KEYWORDS} NULL SEC LICENSE ctx barrier_var can_loop bpf_for bpf_repeat
   offsetof container_of likely unlikely u8 u16 u32 u64 s8 s16 s32 s64 __u8 __u16 __u32 __u64 __s8 __s16
   __s32 __s64 BPF_PROG BPF_KPROBE BPF_KRETPROBE linux unix exit abs memcpy memset memmove memcmp
   strlen strcmp strncmp abort printf min max alloca index log exp round floor main`.split(/\s+/),
);

const keywords = new Set(KEYWORDS.split(/\s+/));

/** Whether C has another meaning for the name, so that no member of a struct can have it. */
export function isKeyword(name: string): boolean {
  return keywords.has(name);
}

/** What the C functions of a map, list or timer are named by, after its own name. */
const OPERATIONS =
  /^(.+?)_(?:get|create|set|delete|add|bump|this|of|push|pop|peek|has|output|reserve|pending|start|restart|cancel|cb|unused|value|populate|alloc|free|first|remove|less|push_(?:front|back)|pop_(?:front|back))$/;

/** Hands out C identifiers that collide with nothing else in the file. */
export class NameTable {
  private readonly taken = new Set<string>();
  private readonly states = new Set<string>();

  constructor(private readonly parent?: NameTable) {}

  has(name: string): boolean {
    if (RESERVED.has(name) || this.taken.has(name)) return true;
    const state = OPERATIONS.exec(name)?.[1];
    if (state !== undefined && this.states.has(state)) return true;
    return this.parent?.has(name) ?? false;
  }

  /** The name of a map or the like, and of the functions that C has for it. */
  claimState(wanted: string): string {
    const name = this.claim(wanted);
    this.states.add(name);
    return name;
  }

  /** `wanted` if it is free, otherwise `wanted_2` and so on. */
  claim(wanted: string): string {
    const base = wanted.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d)/, '_');
    let name = base;
    for (let n = 2; this.has(name); n++) name = `${base}_${n}`;
    this.taken.add(name);
    return name;
  }

  /** Marks a name that is used as it is. */
  reserve(name: string): void {
    this.taken.add(name);
  }
}
