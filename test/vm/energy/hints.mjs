// Frequency hints with an injected sysfs, in runs of examples/qos-run.ts that are killed.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { say, start, state, until } from '../guest-tools.mjs';

/** A run is killed; the next one puts back what it had changed, sets hints of its own and is ended by SIGTERM. */
export async function hints() {
  const policy = '/tmp/sysfs/sys/devices/system/cpu/cpufreq/policy0';
  mkdirSync(policy, { recursive: true });
  const governor = `${policy}/scaling_governor`;
  writeFileSync(governor, 'powersave\n');
  const flags = ['dist/examples/qos-run.js', '--root', '/tmp/sysfs', '--state', '/tmp/hints.json'];
  const now = () => readFileSync(governor, 'utf8').trim();
  const first = start('node', [...flags, '--governor', 'schedutil']);
  const set = await until(() => first.out.stdout.includes('hints are set'), 40);
  const during = now();
  first.child.kill('SIGKILL');
  await first.ended;
  const killed = now();
  const disabled = await until(() => state() === 'disabled', 20);
  const second = start('node', [...flags, '--governor', 'performance']);
  const again = await until(() => second.out.stdout.includes('hints are set'), 40);
  const restored = second.out.stdout.includes('put back');
  const secondDuring = now();
  second.child.kill('SIGTERM');
  const { code, stderr } = await second.ended;
  // What was there before the first one: the second one found that.
  const atEnd = now();
  say('hints', {
    set,
    during,
    killed,
    disabled,
    again,
    restored,
    secondDuring,
    code,
    stderr,
    atEnd,
  });
  await until(() => state() === 'disabled', 20);
}
