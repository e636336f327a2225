import type { MapIr } from '../../ir/module.js';
import { inline } from './inline.js';

/** The one entry of the map of a timer at module level. */
export const TIMER_STRUCT = 'struct scxts_timer {\n\tstruct bpf_timer timer;\n};';

/** What starts and cancels a timer at module level; `self` is what helpers are given as its map. */
export function timerFunctions({ name }: MapIr, self: string): string {
  return (
    `static int ${name}_cb(void *map, u32 *key, struct scxts_timer *value);\n\n` +
    inline(
      's32',
      `${name}_start`,
      'u64 ns, u64 flags',
      `u32 key = 0;\nstruct scxts_timer *value = bpf_map_lookup_elem(${self}, &key);\n\nif (!value)\n\treturn -2;\n/* -EBUSY: it has been initialised before. */\nbpf_timer_init(&value->timer, ${self}, 1);\nbpf_timer_set_callback(&value->timer, ${name}_cb);\nreturn bpf_timer_start(&value->timer, ns, flags);`,
    ) +
    '\n\n/* From its own callback: it is set up already. Setting a callback from itself is a recursion to some verifiers. */\n' +
    `static __always_inline __attribute__((unused)) s32 ${name}_restart(u64 ns, u64 flags)\n{\n\tu32 key = 0;\n\tstruct scxts_timer *value = bpf_map_lookup_elem(${self}, &key);\n\n\treturn value ? bpf_timer_start(&value->timer, ns, flags) : -2;\n}\n\n` +
    `static __always_inline __attribute__((unused)) s32 ${name}_cancel(void)\n{\n\tu32 key = 0;\n\tstruct scxts_timer *value = bpf_map_lookup_elem(${self}, &key);\n\n\treturn value ? bpf_timer_cancel(&value->timer) : -2;\n}`
  );
}
