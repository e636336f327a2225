// Processes that the scenarios of guest.mjs start: `attach-at TIME`, `phases`, `stubborn`.
import { openObject } from '../../../dist/native/runtime/index.js';

const [what, argument] = process.argv.slice(2);
const quiet = { onWarning: () => undefined };
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
// Written at once: a process that is killed loses nothing.
const { writeSync } = await import('node:fs');
const say = (text) => writeSync(1, `${text}\n`);
const opened = openObject('examples/simple.bpf.o');

if (what === 'attach-at') {
  const loaded = opened.load(quiet);
  while (Date.now() < Number(argument));
  try {
    const link = loaded.attach();
    await sleep(1000);
    say(`attached, ${link.detach().kindName}`);
  } catch (error) {
    say(error.code);
  }
  loaded.close();
} else if (what === 'phases') {
  say('opened');
  await sleep(30);
  say('loading');
  const loaded = await opened.loadAsync(quiet);
  say('loaded');
  await sleep(30);
  say('attaching');
  const link = await loaded.attachAsync();
  say('attached');
  await sleep(30);
  say('detaching');
  await link.detachAsync();
  await sleep(60_000);
} else if (what === 'stubborn') {
  process.on('SIGTERM', () => undefined);
  const link = opened.load(quiet).attach();
  await link.exited;
}
