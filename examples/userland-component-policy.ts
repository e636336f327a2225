// A policy of one's own for the userland component: a lottery in which each task has as many tickets as its
// weight. Prints how long decisions take.
//   scxts build examples/userland-component.ts && sudo scxts run examples/userland-component-policy.ts
import type { Decision, Policy, Ready } from 'scxts/components/userland/userspace';
import { UserlandComponent } from './userland-component.skel.js';

class Lottery implements Policy {
  constructor(private readonly draw: () => number = Math.random) {}

  decide(ready: readonly Ready[]): Decision[] {
    // The first of exponentially distributed times is a fair draw by weight. A draw counts from the moment the
    // task became ready, so that nobody waits for ever.
    return ready.map(({ tid, weight, at }) => {
      const wait = (-Math.log(1 - this.draw()) * 1e9) / weight;
      return { tid, order: at + BigInt(Math.round(wait)), slice: 5_000_000n };
    });
  }
}

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
let timer: NodeJS.Timeout | undefined;
let half: { readonly error: unknown } | undefined;

// Again when a CPU comes or goes: the kernel ends a scheduler then that does not follow it.
const exit = await UserlandComponent.run({
  signal: stop.signal,
  configure: (open) => void (open.components.userland.policy = new Lottery()),
  started: (scheduler) => {
    const { userland } = scheduler.components;
    half = userland;
    timer = setInterval(() => {
      const { decided, ran } = userland.latency();
      const { userland_nr_decided, userland_nr_kernel, userland_nr_stalls } =
        scheduler.readCounters();
      console.log(
        `decided=${userland_nr_decided} kernel=${userland_nr_kernel} stalls=${userland_nr_stalls} ` +
          `released p50=${decided.p50.toFixed(0)} us p99=${decided.p99.toFixed(0)} us, ` +
          `running p50=${ran.p50.toFixed(0)} us p99=${ran.p99.toFixed(0)} us`,
      );
      userland.reset();
    }, 1000);
  },
  ended: (why) => {
    clearInterval(timer);
    if (half?.error) console.error(half.error);
    console.error(`ended: ${why.reason}`);
  },
});
process.exitCode = exit.error ? 1 : 0;
