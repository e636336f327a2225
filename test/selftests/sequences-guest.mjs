// Two tasks that are woken by turns, change affinity and nice value, and end: as test/selftests/sequences.ts has it on the model.
import { execFileSync, spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { openObject } from '../../dist/native/runtime/index.js';
import { say, sleep, state, until } from '../vm/guest-tools.mjs';

const ROUNDS = 5;

/** Reads a line, answers with one, on CPU 1. Nothing is left to be loaded once it has answered twice. */
async function served(name) {
  const script = `printf ${name} >/proc/self/comm; while read x; do echo $x; done`;
  const child = spawn('taskset', ['2', 'sh', '-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ask = () =>
    new Promise((resolve) => {
      child.stdout.once('data', resolve);
      child.stdin.write('x\n');
    });
  await ask();
  await ask();
  return { child, ask, ended: new Promise((resolve) => child.on('close', resolve)) };
}

export async function sequences(object) {
  execFileSync('taskset', ['-a', '-p', '1', String(process.pid)], { stdio: 'ignore' });
  const [a, b] = [await served('seqA'), await served('seqB')];
  const loaded = openObject(object).load({ onWarning: () => undefined });
  const link = loaded.attach();
  await sleep(100);
  for (let round = 0; round < ROUNDS; round++) {
    await a.ask();
    await sleep(20);
    await b.ask();
    await sleep(20);
  }
  execFileSync('taskset', ['-p', '3', String(a.child.pid)], { stdio: 'ignore' });
  setPriority(b.child.pid, 5);
  await sleep(50);
  a.child.stdin.end();
  b.child.stdin.end();
  await Promise.all([a.ended, b.ended]);
  // A task is freed some time after its end.
  await sleep(500);
  const [seqA, seqB] = [0, 1].map((key) => {
    const { n, calls } = loaded.maps.sequences.get(key);
    return [...calls].slice(0, n);
  });
  await link.detachAsync();
  loaded.close();
  await until(() => state() === 'disabled', 10);
  execFileSync('taskset', ['-a', '-p', '3', String(process.pid)], { stdio: 'ignore' });
  say('sequences', { seqA, seqB });
}
