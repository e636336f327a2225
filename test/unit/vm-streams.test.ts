import { describe, expect, it } from 'vitest';
import { explainEnding, lastLines } from '../../vm/machine/failure.js';
import { commandScript } from '../../vm/machine/script.js';
import { MarkerSplitter } from '../../vm/machine/splitter.js';

describe('MarkerSplitter', () => {
  const run = (chunks: string[]): { text: string; markers: number; calls: string[] } => {
    const calls: string[] = [];
    let markers = 0;
    const splitter = new MarkerSplitter(
      'N1',
      (c) => void calls.push(c.toString()),
      () => void markers++,
    );
    chunks.forEach((c) => splitter.push(Buffer.from(c)));
    splitter.flush();
    return { text: calls.join(''), markers, calls };
  };

  it('takes the marker out however it is cut', () => {
    const whole = 'out\x01N1\x01next\x01N1\x01';
    for (let i = 0; i <= whole.length; i++) {
      expect(run([whole.slice(0, i), whole.slice(i)])).toMatchObject({
        text: 'outnext',
        markers: 2,
      });
    }
    expect(run([...whole])).toMatchObject({ text: 'outnext', markers: 2 });
  });

  it('passes on what only looks like its beginning', () => {
    expect(run(['a\x01', 'N', '2\x01\x01N'])).toMatchObject({
      text: 'a\x01N2\x01\x01N',
      markers: 0,
    });
  });

  it('holds nothing else back', () => {
    expect(run(['prompt> ', 'x']).calls).toEqual(['prompt> ', 'x']);
  });
});

describe('commandScript', () => {
  it('quotes everything', () => {
    expect(
      commandScript({ command: ['echo', "it's", '$x'], cwd: '/a b', env: { A: '1 2' } }),
    ).toMatch(/export A='1 2'\ncd '\/a b' \|\| exit 127\nexec echo 'it'\\''s' '\$x'\n$/);
  });

  it('refuses names that no shell takes', () => {
    expect(() => commandScript({ command: ['true'], env: { 'a-b': '' } })).toThrow(
      /'a-b' is no name/,
    );
  });
});

describe('explainEnding', () => {
  const ending = { console: '', qemu: '', ready: true, status: 'SIGKILL' };

  it('gives the reason of a panic and the lines that led to it', () => {
    const before = Array.from({ length: 100 }, (_, i) => `boot ${i}`).join('\r\n');
    const { message } = explainEnding({
      ...ending,
      console: `${before}\r\nsysrq: Trigger a crash\r\nKernel panic - not syncing: sysrq triggered crash\r\n`,
    });
    expect(message).toMatch(/^the kernel panicked: sysrq triggered crash\n/);
    expect(message).toContain('sysrq: Trigger a crash\nKernel panic');
    expect(message).not.toContain('boot 50');
  });

  it('knows too little memory, and has a hint', () => {
    const error = explainEnding({
      ...ending,
      console: 'Initramfs unpacking failed: write error\nKernel panic - not syncing: VFS',
    });
    expect(error.message).toMatch(/ran out of memory/);
    expect(error.hint).toMatch(/--memory/);
  });

  it("tells QEMU's own complaint, and whether the guest was up", () => {
    expect(explainEnding({ ...ending, qemu: 'cannot set up guest memory\n' }).message).toBe(
      'QEMU gave up: cannot set up guest memory',
    );
    expect(explainEnding({ ...ending, ready: false }).message).toMatch(
      /before it had booted\nits console is empty$/,
    );
  });

  it('shows the tail of an ordinary console', () => {
    expect(lastLines('a\nb\n')).toBe('a\nb');
  });
});
