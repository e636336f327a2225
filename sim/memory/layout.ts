/** Where things are in the linear memory of a model. */

/** The first page is never written: a load through null, or a field behind it, reads 0. */
export const NULL_PAGE = 0x1_0000;

/** What the engine and JavaScript tell each other: i32 each. */
export const SLOT = {
  /** Instructions executed in the outermost call. */
  instructions: NULL_PAGE,
  /** The number of instructions at which a loop is taken for endless. */
  fuel: NULL_PAGE + 4,
  /** Number of the call that is in force, an index of the table of sites. */
  site: NULL_PAGE + 8,
  /** High half of a 64-bit result. */
  high: NULL_PAGE + 12,
  cpu: NULL_PAGE + 16,
  /** Address of the current task. */
  current: NULL_PAGE + 20,
  /** Top of the free part of the stack. */
  stack: NULL_PAGE + 24,
} as const;

/** Stacks of programs, from the top down. */
export const STACK_BOTTOM = NULL_PAGE + 0x100;
export const STACK_TOP = 0x2_0000;
/** Bytes that a BPF function has on the stack. */
export const FRAME = 512;

export const HEAP = 0x2_0000;
/** Bytes that one byte of the shadow stands for. */
export const GRANULE = 16;
