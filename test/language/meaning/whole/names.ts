// out = [1, 4, 69]
import { scheduler, syscall, zeroed, u64, u32, type FixedArray } from 'scxts';
let out: FixedArray<u64, 16> = zeroed();
let one: u64 = 1;
let linux: u64 = 1;
let unix: u64 = 2;
let register: u64 = 3;
let u8_: u64 = 4;
let größe: u64 = 5;
let $x: u64 = 6;
let abs: u64 = 1;
let index: u64 = 2;
let ctx: u64 = 1;
let __u32: u64 = 1;
let _Bool: u64 = 1;
let int: u64 = 4;
let NULL: u64 = 3;
let __LINE__: u64 = 1;
let scxts_counters: u64 = 1;
let bpf_map_lookup_elem: u64 = 2;
let counter_add: u64 = 1;
let SEC: u64 = 1;
let license: u64 = 1;
let LICENSE: u64 = 1;
let _license: u64 = 1;
let main: u64 = 1;
let memcpy: u64 = 1;
const EOF_ = 3;
const stdin = 4;
const errno_ = 5;
const char = 6;
const BPF_MAP_TYPE_HASH = 7;
const SCX_FOO = 1;
const true_ = 2;
const offsetof = 1;
interface int8 {
  a: u64;
}
function struct(volatile: u64, goto_: u64): u64 {
  const long = volatile;
  let short = long + 1;
  short++;
  return short + goto_;
}
function inline(): u64 {
  return 1;
}
function container_of(x: u64): u64 {
  return x;
}
function bpf_ktime_get_ns(): u64 {
  return 3;
}
function time_before(a: u64): u64 {
  return a;
}
function strlen(): u64 {
  return 1;
}
export const run = syscall(() => {
  const restrict = linux + unix + register + größe + $x;
  let typeof_ = restrict;
  const sizeof_: u64 = int;
  const asm =
    struct(1, 2) + inline() + container_of(1) + bpf_ktime_get_ns() + time_before(4) + strlen();
  const ___e = one;
  const ___a = ___e + 1;
  const ___i: u32 = 1;
  const key: u32 = 1;
  const value = 2;
  const __ret = 3;
  const __first = 4;
  const map = 5;
  const owner = 1;
  const cpu = 3;
  out[___i] = ___a;
  out[u32(___e)] += ___a;
  out[0] =
    asm > 0 &&
    abs &&
    index &&
    ctx &&
    __u32 &&
    _Bool &&
    NULL &&
    __LINE__ &&
    scxts_counters &&
    bpf_map_lookup_elem &&
    counter_add &&
    SEC &&
    license &&
    LICENSE &&
    _license &&
    main &&
    memcpy
      ? 1
      : 0;
  out[2] =
    u64(EOF_ + stdin + errno_ + char + BPF_MAP_TYPE_HASH + SCX_FOO + true_ + offsetof) +
    typeof_ +
    sizeof_ +
    u64(value + __ret + __first + map + owner + cpu) +
    u64(key);
  return 0;
});
export default scheduler({ name: 't' });
