import { type u32, type u64 } from 'scxts';
import type { task_struct } from 'scxts/vmlinux';

export enum Level {
  LOW,
  HIGH = 7,
}
export const SHIFT = 3;
export function pick(p: task_struct, by: u32): u64 {
  return p.start_time >> by;
}
