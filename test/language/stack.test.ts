import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildFile, checkFile } from '../../codegen/index.js';
import { program as language } from '../util/program.js';

const dir = mkdtempSync(join(tmpdir(), 'scxts-stack-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const program = (name: string, words: number, body: string): string => {
  const file = join(dir, `${name}.ts`);
  writeFileSync(
    file,
    `import { scheduler, hash, zeroed, type FixedArray, type u64 } from 'scxts';
interface Big { a: FixedArray<u64, ${words}> }
const m = hash<u64, Big>(4);
/** @noinline */
function deep(k: u64): u64 {
  const inner: Big = zeroed();
  inner.a[k] = 3;
  m.set(1, inner);
  return inner.a[3];
}
export default scheduler({ name: '${name}', enqueue(p, f) {
  const outer: Big = zeroed();
  outer.a[p.pid] = 3;
  m.set(1, outer);
  ${body}
} });
`,
  );
  return file;
};

describe('the stack of 512 bytes', () => {
  it('cannot hold one variable larger than that', () => {
    const { diagnostics } = checkFile(program('large', 65, ''));
    expect(diagnostics.map((d) => d.code)).toContain('SCX4020');
    expect(diagnostics.find((d) => d.code === 'SCX4020')?.message).toContain("'outer' takes 520");
  });
  it('is shared by functions that call each other', async () => {
    const { ok, diagnostics } = await buildFile(program('chain', 40, 'deep(outer.a[2]);'));
    expect(ok).toBe(false);
    expect(diagnostics.map((d) => d.code)).toEqual(['SCX4021']);
    expect(diagnostics[0]?.message).toMatch(/^chain_enqueue -> deep needs 6\d\d bytes/);
    expect(diagnostics[0]?.span?.line).toBe(11);
  });
  it('is named where clang itself refuses a function', async () => {
    const two =
      'const second: Big = zeroed(); second.a[outer.a[1]] = 1; m.set(2, second); m.set(1, outer); m.set(2, second);';
    const { diagnostics } = await buildFile(program('two', 40, two));
    expect(diagnostics.map((d) => d.code)).toEqual(['SCX4021']);
    expect(diagnostics[0]?.hint).toContain('outer (320), second (320)');
  });
  it('cannot hold a large record of user space', async () => {
    const drains = (words: number) =>
      language(
        `interface Order { list: FixedArray<u64, ${words}> }\nconst orders = userRingbuf<Order>(4096);`,
      ).syscall('orders.drain((order) => { out[0] += order.list[3]; });');
    const [large] = drains(65).rejects('SCX4020');
    expect(large?.message).toContain("'order' takes 520");
    const [both] = await drains(64).failsToBuild('SCX4021');
    expect(both?.hint).toContain('order (512)');
    await drains(40).builds();
  });
  it('suffices otherwise, and leaves no file of measurements', async () => {
    expect((await buildFile(program('fits', 20, 'deep(outer.a[2]);'))).diagnostics).toEqual([]);
    expect(readdirSync(dir).filter((f) => f.endsWith('.su'))).toEqual([]);
  });
});
