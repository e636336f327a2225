// out = [11, 2, 3, 4, 20, 6, 7, 8]
import { scheduler, syscall, zeroed, u64, u32, range, type FixedArray } from 'scxts';
let out: FixedArray<u64, 16> = zeroed();
let one: u64 = 1;
function f(n: u64): u64 {
  switch (n) {
    case 1: {
      const a = n + 10;
      return a;
    }
    case 2:
    case 3: {
      let b = n;
      b++;
      return b - 1;
    }
    default:
      return n;
    case 5:
      return 20;
  }
}
function g2(n: u32): u64 {
  let r: u64 = 0;
  switch (n) {
    case 1:
      let q: u64 = 6;
      r = q;
      break;
    case 2:
      q = 7;
      r = q;
      break;
    case 3: {
      for (const i of range(3)) {
        if (i === 1) break;
        r += 8;
      }
      break;
    }
  }
  return r;
}
export const run = syscall(() => {
  out[0] = f(1);
  out[1] = f(2);
  out[2] = f(3);
  out[3] = f(4);
  out[4] = f(5);
  out[5] = g2(1);
  out[6] = g2(2);
  out[7] = g2(3);
  return 0;
});
export default scheduler({ name: 't' });
