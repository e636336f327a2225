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

const open = UserlandComponent.open();
open.components.userland.policy = new Lottery();
const scheduler = open.load();
const link = scheduler.attach();
const { userland } = scheduler.components;

const timer = setInterval(() => {
  const { decided, ran } = userland.latency();
  const { userland_nr_decided, userland_nr_kernel, userland_nr_stalls } = scheduler.readCounters();
  console.log(
    `decided=${userland_nr_decided} kernel=${userland_nr_kernel} stalls=${userland_nr_stalls} ` +
      `released p50=${decided.p50.toFixed(0)} us p99=${decided.p99.toFixed(0)} us, ` +
      `running p50=${ran.p50.toFixed(0)} us p99=${ran.p99.toFixed(0)} us`,
  );
  userland.reset();
}, 1000);
process.once('SIGINT', () => link.detach());
const exit = await link.exited;
clearInterval(timer);
if (userland.error) console.error(userland.error);
console.error(`ended: ${exit.reason}`);
scheduler.close();
