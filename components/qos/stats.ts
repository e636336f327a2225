/** Buckets of the kernel half; HIST_BUCKETS of state.bpf.ts. */
export const HIST_BUCKETS = 96;

/** The latencies that fall into a bucket begin here, in us: four buckets to each power of two. */
export function bucketStartUs(bucket: number): number {
  const power = Math.floor(bucket / 4);
  // The kernel half adds 4 us so that the smallest are told apart, too.
  return (4 + (bucket % 4)) * 2 ** power - 4;
}

/** The latency in us below which a share of the wake-ups lie; the end of its bucket, so never too small. */
export function percentile(hist: readonly number[], share: number): number {
  const total = hist.reduce((a, b) => a + b, 0);
  if (total === 0) return 0;
  let seen = 0;
  for (const [i, n] of hist.entries()) {
    seen += n;
    if (seen >= total * share) return bucketStartUs(i + 1);
  }
  return bucketStartUs(HIST_BUCKETS);
}

export interface ClassCounts {
  wakeups: number;
  waitNs: number;
  maxWaitNs: number;
  runNs: number;
  hist: number[];
}

export interface ClassReport {
  wakeups: number;
  meanUs: number;
  p50Us: number;
  p99Us: number;
  /** Since the scheduler was loaded. */
  maxUs: number;
  runMs: number;
  /** Of the CPU time of all classes, 0 to 1. */
  cpuShare: number;
}

/** What became of each class between two readings. */
export function reportOf(now: ClassCounts[], before?: ClassCounts[]): ClassReport[] {
  const since = now.map((c, i) => {
    const b = before?.[i];
    return {
      ...c,
      wakeups: c.wakeups - (b?.wakeups ?? 0),
      waitNs: c.waitNs - (b?.waitNs ?? 0),
      runNs: c.runNs - (b?.runNs ?? 0),
      hist: c.hist.map((n, k) => n - (b?.hist[k] ?? 0)),
    };
  });
  const all = since.reduce((sum, c) => sum + c.runNs, 0);
  return since.map((c) => ({
    wakeups: c.wakeups,
    meanUs: c.wakeups ? c.waitNs / c.wakeups / 1000 : 0,
    p50Us: percentile(c.hist, 0.5),
    p99Us: percentile(c.hist, 0.99),
    maxUs: c.maxWaitNs / 1000,
    runMs: c.runNs / 1e6,
    cpuShare: all ? c.runNs / all : 0,
  }));
}
