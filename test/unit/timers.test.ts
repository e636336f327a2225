import { describe, expect, it, vi } from 'vitest';
import { after, every, pause, ScxtsError } from '../../native/runtime/index.js';

const DAY_MS = 86_400_000;

describe('timers of any length', () => {
  it.each([1, 25, 30, 49.8, 1000])('%s days', (days) => {
    vi.useFakeTimers();
    try {
      const ran: string[] = [];
      after(days * DAY_MS, () => ran.push('after'));
      const again = every(days * DAY_MS, () => ran.push('every'));
      vi.advanceTimersByTime(days * DAY_MS - 1);
      expect(ran).toEqual([]);
      vi.advanceTimersByTime(1);
      expect(ran).toEqual(['after', 'every']);
      vi.advanceTimersByTime(days * DAY_MS);
      expect(ran).toEqual(['after', 'every', 'every']);
      again.stop();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('for ever, and stopped in the middle', () => {
    vi.useFakeTimers();
    try {
      const run = vi.fn();
      {
        using _timer = after(Infinity, run);
        vi.advanceTimersByTime(100 * DAY_MS);
        expect(vi.getTimerCount()).toBe(1);
      }
      expect(vi.getTimerCount()).toBe(0);
      const self = every(10, () => self.stop());
      vi.advanceTimersByTime(100);
      expect(vi.getTimerCount()).toBe(0);
      expect(run).not.toHaveBeenCalled();
    } finally {
      vi.useRealTimers();
    }
  });

  it('a pause ends with its signal, and leaves nothing behind', async () => {
    const stop = new AbortController();
    const waiting = pause(30 * DAY_MS, stop.signal);
    stop.abort();
    await waiting;
    await pause(30 * DAY_MS, stop.signal);
    await pause(1, new AbortController().signal);
  });

  it('times that are none', () => {
    for (const ms of [NaN, -1, '5', undefined])
      expect(() => after(ms as number, () => undefined)).toThrow(ScxtsError);
  });
});
