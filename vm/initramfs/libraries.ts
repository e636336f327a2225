import { execa } from 'execa';

/** Shared libraries that a binary needs, the dynamic loader among them. */
export async function libraries(binary: string): Promise<string[]> {
  const { stdout } = await execa('ldd', [binary], { reject: false });
  return [...(stdout ?? '').matchAll(/(\/\S+)\s+\(0x/g)].map((match) => match[1]!);
}
