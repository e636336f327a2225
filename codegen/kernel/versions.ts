/** Kernels that scxts supports and tests, oldest first. */
export const KERNELS = [
  '6.12',
  '6.16',
  '6.17',
  '6.18',
  '6.19',
  '7.0',
  '7.1',
  '7.2',
  '7.3',
] as const;
/**
 * Kernels with functions that take an implicit argument whose builds rely on pahole to mark them: any such function can be
 * without a way to call it, others in each build (docs/kernel-types.md).
 */
export const KERNELS_WITH_LOST_MARKS: readonly string[] = ['7.1', '7.2'];
export const OLDEST_KERNEL = KERNELS[0];
export const NEWEST_KERNEL = KERNELS[KERNELS.length - 1]!;

function parts(version: string): [number, number] {
  const [major, minor] = version.split('.').map(Number);
  return [major ?? 0, minor ?? 0];
}

/** Whether `a` is a later kernel than `b`; both are `MAJOR.MINOR`. */
export function isNewer(a: string, b: string): boolean {
  const [aMajor, aMinor] = parts(a);
  const [bMajor, bMinor] = parts(b);
  return aMajor > bMajor || (aMajor === bMajor && aMinor > bMinor);
}
