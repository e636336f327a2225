const RESERVED = new Set(
  `auto break case char const continue default do double else enum extern float for goto if inline int
   long register restrict return short signed sizeof static struct switch typedef union unsigned void
   volatile while asm typeof bool true false NULL SEC LICENSE ctx barrier_var can_loop bpf_for bpf_repeat
   offsetof container_of likely unlikely u8 u16 u32 u64 s8 s16 s32 s64 __u8 __u16 __u32 __u64 __s8 __s16
   __s32 __s64 BPF_PROG BPF_KPROBE BPF_KRETPROBE linux unix exit abs memcpy memset memmove memcmp
   strlen strcmp strncmp abort printf min max alloca index log exp round floor`.split(/\s+/),
);

/** Hands out C identifiers that collide with nothing else in the file. */
export class NameTable {
  private readonly taken = new Set<string>();

  constructor(private readonly parent?: NameTable) {}

  has(name: string): boolean {
    return RESERVED.has(name) || this.taken.has(name) || (this.parent?.has(name) ?? false);
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
