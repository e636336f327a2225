export const CLASSES = ['high', 'normal', 'low'] as const;
export type QosClass = (typeof CLASSES)[number];

export class QosError extends Error {
  override readonly name = 'QosError';
}

/** A class as rules keep it: its number plus 1. */
export function ruleValue(cls: QosClass): number {
  const i = CLASSES.indexOf(cls);
  if (i < 0) throw new QosError(`there is no class '${cls}'; there are ${CLASSES.join(', ')}`);
  return i + 1;
}

const COMM_BYTES = 16;

/**
 * The key of a rule for names: `ffmpeg` is exactly that name, `kworker*` every name that begins so. The kernel cuts
 * names after 15 bytes.
 */
export function commKey(pattern: string): { prefix: number; comm: string } {
  const open = pattern.endsWith('*');
  const comm = open ? pattern.slice(0, -1) : pattern;
  const bytes = Buffer.byteLength(comm);
  if (bytes >= COMM_BYTES)
    throw new QosError(
      `'${comm}' is too long: names of tasks have at most ${COMM_BYTES - 1} bytes`,
    );
  if (comm.includes('*')) throw new QosError(`'${pattern}': * may only be at the end`);
  // The byte that ends the name counts unless more may follow.
  return { prefix: (bytes + (open ? 0 : 1)) * 8, comm };
}
