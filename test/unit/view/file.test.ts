import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Events } from '../../../sim/view/events.js';
import {
  decodeRecording,
  encodeRecording,
  fromBase64,
  RecordingError,
  toBase64,
} from '../../../sim/view/file.js';
import { emptyRecording, type Recording } from '../../../sim/view/recording.js';
import { viewOf } from '../../../sim/view/build.js';

const event = fc.record({
  time: fc.nat(2 ** 50),
  kind: fc.nat(11),
  cpu: fc.nat(1023),
  pid: fc.nat(4_194_304),
  other: fc.nat(4_194_304),
  detail: fc.nat(0xffff_ffff),
  queue: fc.integer({ min: -1, max: 1 }),
  line: fc.integer({ min: -1, max: 0 }),
});
const madeOf = (events: Parameters<typeof Events.of>[0]): Recording => ({
  ...emptyRecording({ scheduler: 'x', cpus: [{ id: 0, core: 0, llc: 0, node: 0, capacity: 1 }] }),
  ...{ length: 2 ** 50, queues: ['DSQ 0', 'DSQ 1'], lines: ['a.ts:1'], events: Events.of(events) },
});
const rows = ({ events }: Recording) =>
  Array.from({ length: events.length }, (_, i) => events.at(i));

describe('a recording in a file', () => {
  it('is what it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 300 }), async (events) => {
        const back = await decodeRecording(await encodeRecording(madeOf(events)));
        // In order of time, whatever the order of the ring was.
        expect(rows(back)).toEqual([...events].sort((a, b) => a.time - b.time));
        expect(back).toMatchObject({ cut: false, queues: ['DSQ 0', 'DSQ 1'], lines: ['a.ts:1'] });
      }),
      { numRuns: 60 },
    );
  });

  it('that was cut anywhere is shown as far as it goes and says so, or is no recording', async () => {
    const events = Array.from({ length: 70_000 }, (_, i) => ({
      ...{ time: i * 1000, kind: 0, cpu: 0, pid: 1 + (i % 7), other: (i + 6) % 7, detail: 0 },
      ...{ queue: -1, line: -1 },
    }));
    const whole = await encodeRecording(madeOf(events));
    for (const part of [0.99, 0.6, 0.05]) {
      const back = await decodeRecording(whole.slice(0, whole.length * part));
      expect(back.cut, String(part)).toBe(true);
      expect(back.events.length).toBe(part > 0.9 ? 65_536 : 0);
      expect(back.queues.length + back.events.length).toBeGreaterThan(-1);
      viewOf(back);
    }
    await expect(decodeRecording(whole.slice(0, 5))).rejects.toThrow(RecordingError);
  });

  it('that is damaged, of another version or something else is refused with a way out', async () => {
    const whole = await encodeRecording(madeOf([]));
    const other = whole.slice();
    other[7] = '7'.charCodeAt(0);
    await expect(decodeRecording(other)).rejects.toMatchObject({
      message: 'this recording has format 7, this scxts reads format 1',
      hint: /the scxts that made it/,
    });
    await expect(decodeRecording(new TextEncoder().encode('{"traceEvents":[]}'))).rejects.toThrow(
      'no recording of scxts',
    );
  });

  it('with any byte changed is refused or shown, never worse', async () => {
    const whole = await encodeRecording(
      madeOf(fc.sample(event, { numRuns: 200, seed: 1 }).map((e) => ({ ...e, cpu: 0 }))),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const damaged = whole.slice();
          damaged[at] = damaged[at]! ^ by;
          try {
            viewOf(await decodeRecording(damaged));
          } catch (error) {
            expect(error).toBeInstanceOf(RecordingError);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('as text survives being cut', () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i * 7);
    expect(fromBase64(toBase64(bytes))).toEqual(bytes);
    expect(fromBase64(toBase64(bytes).slice(0, 1001))).toEqual(bytes.slice(0, 750));
  });
});
