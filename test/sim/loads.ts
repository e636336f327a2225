// What the simulated machine has to do. Work is in us of its fastest CPU at full speed.
import { random } from './events.js';
import type { TaskLoad } from './simulation.js';

/** Does so much every period; a period that passes while it is late is not made up for. */
function periodic(name: string, periodUs: number, workUs: number, seed: number): TaskLoad {
  const rand = random(seed);
  let at = rand() * periodUs;
  return {
    name,
    next(doneUs) {
      while (at < doneUs) at += periodUs;
      const job = { atUs: at, workUs: workUs * (0.7 + 0.6 * rand()) };
      at += periodUs;
      return job;
    },
  };
}

/** Bursts that all of a group get at the same moments, which come at random. */
function bursty(count: number, meanGapUs: number, workUs: number, seed: number): TaskLoad[] {
  const moments: number[] = [];
  const rand = random(seed);
  for (let t = 0; t < 120e6;) {
    t += -Math.log(1 - rand()) * meanGapUs;
    moments.push(t);
  }
  return Array.from({ length: count }, (_, i) => {
    const own = random(seed + 100 + i);
    let k = 0;
    return {
      name: `burst${i}`,
      next(doneUs) {
        while (moments[k] !== undefined && moments[k]! < doneUs) k++;
        const at = moments[k++];
        return at === undefined ? undefined : { atUs: at, workUs: workUs * (0.3 + 1.4 * own()) };
      },
    };
  });
}

/** Never sleeps: each job is followed by the next. */
function endless(name: string): TaskLoad {
  return { name, next: (doneUs) => ({ atUs: doneUs, workUs: 50_000 }) };
}

export const LOADS: Record<string, () => TaskLoad[]> = {
  // Sound, and small chores.
  light: () => [
    ...[0, 1].map((i) => periodic(`sound${i}`, 5000, 250, 70 + i)),
    ...[0, 1, 2].map((i) => periodic(`chore${i}`, 100_000, 4000, 80 + i)),
  ],
  // A screen that is drawn 60 times a second by three threads, sound, and small chores.
  periodic: () => [
    ...[0, 1, 2].map((i) => periodic(`frame${i}`, 16_667, 2000, 10 + i)),
    ...[0, 1].map((i) => periodic(`sound${i}`, 5000, 250, 20 + i)),
    ...[0, 1, 2, 3].map((i) => periodic(`chore${i}`, 50_000, 3000, 30 + i)),
  ],
  // Ten threads that all wake up when a request comes, three times a second.
  bursty: () => bursty(10, 333_000, 15_000, 50),
  // More that never sleeps than there are CPUs, and something that wants to be served meanwhile.
  saturating: () => [
    ...Array.from({ length: 12 }, (_, i) => endless(`busy${i}`)),
    ...[0, 1].map((i) => periodic(`frame${i}`, 16_667, 2000, 60 + i)),
  ],
};
