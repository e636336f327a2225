import {
  every,
  userspaceHalf,
  type ArrayMap,
  type AttachedLink,
  type LoadedComponent,
  type OpenComponent,
  type RingBuffer,
  type SkeletonTypes,
  type SyscallProgram,
  type UserRingBuffer,
} from '../../native/runtime/index.js';
import { quantiles, type Quantiles } from './histogram.js';
import { WeightedFair, type Policy, type Ready } from './policy.js';

/** Decisions are wanted soon, as a rule: a sleep in the event loop would take two threads' wake-ups. */
const BLOCK_MS = 5;

export { WeightedFair, type Decision, type Policy, type Ready } from './policy.js';
export { quantiles, type Quantiles } from './histogram.js';

/** What this half needs of the BPF half. */
export interface UserlandState extends SkeletonTypes {
  config: { tgid: number; stall_ms: number };
  globals: { stalled: boolean };
  counters: 'nr_reported' | 'nr_decided' | 'nr_late' | 'nr_fallback' | 'nr_kernel' | 'nr_stalls';
  maps: {
    decided_after: ArrayMap<bigint>;
    ran_after: ArrayMap<bigint>;
    ready: RingBuffer<Ready>;
    decisions: UserRingBuffer<{ tid: number; unused: number; order: bigint; slice: bigint }>;
  };
  progs: { decide: SyscallProgram<{ n: bigint }> };
}

/** Decisions of a scheduler that is open: whose they are can be set still. */
export class OpenUserland {
  policy: Policy = new WeightedFair();
  constructor(private readonly component: OpenComponent<UserlandState>) {}

  prepare(): void {
    this.component.config.tgid = process.pid;
  }
}

export interface Latency {
  /** From ready to released by user space. */
  decided: Quantiles;
  /** From ready to running, for tasks that were reported. */
  ran: Quantiles;
}

export class Userland {
  /** May be exchanged at any time. */
  policy: Policy;
  private failure: unknown;
  private base = { decided: [] as bigint[], ran: [] as bigint[] };

  constructor(
    private readonly component: LoadedComponent<UserlandState>,
    open: OpenUserland,
  ) {
    this.policy = open.policy;
  }

  /** Latencies since the last reset(), or since the scheduler was loaded. */
  latency(): Latency {
    const { decided_after, ran_after } = this.component.maps;
    return {
      decided: quantiles(countsOf(decided_after), this.base.decided),
      ran: quantiles(countsOf(ran_after), this.base.ran),
    };
  }

  /** latency() counts from now. */
  reset(): void {
    const { decided_after, ran_after } = this.component.maps;
    this.base = { decided: countsOf(decided_after), ran: countsOf(ran_after) };
  }

  /** The kernel decides alone at the moment. */
  get stalled(): boolean {
    return this.component.globals.stalled;
  }

  /** What the policy threw, if that ended the scheduler. */
  get error(): unknown {
    return this.failure;
  }

  private decide(ready: readonly Ready[]): void {
    const { maps, progs } = this.component;
    let records = this.policy.decide(ready).map((d) => ({ ...d, unused: 0 }));
    for (;;) {
      records = records.slice(maps.decisions.sendAll(records));
      progs.decide.run({ n: BigInt(ready.length) });
      // The ring was full: the kernel has taken out what was in it.
      if (records.length === 0) return;
    }
  }

  /** Decides until the scheduler ends. */
  start(link: AttachedLink): () => void {
    const ending = new AbortController();
    const fail = (error: unknown): void => {
      // The scheduler is ended so that someone notices; the kernel's default one goes on.
      if (ending.signal.aborted) return;
      this.failure = error;
      link.detach();
    };
    this.component.maps.ready
      .consume((batch) => this.decide([...batch] as Ready[]), {
        signal: ending.signal,
        blockMs: BLOCK_MS,
      })
      .catch(fail);
    // While it decides alone the kernel reports nothing that would wake this process.
    const beat = every(this.component.config.stall_ms, () => {
      try {
        if (this.stalled) this.decide([]);
      } catch (error) {
        fail(error);
      }
    }).unref();
    return () => {
      beat.stop();
      ending.abort();
    };
  }
}

function countsOf(map: ArrayMap<bigint>): bigint[] {
  return Array.from({ length: map.length }, (_, i) => map.get(i) ?? 0n);
}

export default userspaceHalf({
  open: (component: OpenComponent<UserlandState>) => new OpenUserland(component),
  prepare: (open) => open.prepare(),
  load: (component: LoadedComponent<UserlandState>, open) => new Userland(component, open),
  attach: (half, link) => half.start(link),
});
