// Processes that the scenarios of guest.mjs start: `attach-when FILE UNTIL_FILE`, `phases`, `stubborn`.
import { existsSync } from 'node:fs';
import { openObject } from '../../../dist/native/runtime/index.js';
import { sleep } from '../guest-tools.mjs';

const [what, go, done] = process.argv.slice(2);
const quiet = { onWarning: () => undefined };
// Written at once: a process that is killed loses nothing.
const { writeSync } = await import('node:fs');
const say = (text) => writeSync(1, `${text}\n`);
const opened = openObject('examples/simple.bpf.o');

if (what === 'attach-when') {
  const loaded = opened.load(quiet);
  say('ready');
  // No pause: the other one attaches at this very moment.
  while (!existsSync(go));
  try {
    const link = loaded.attach();
    say('attached');
    while (!existsSync(done)) await sleep(20);
    say(link.detach().kindName);
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
