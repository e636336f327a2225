// What the kernel makes of each program of a scheduler.
import { opsMembers } from '../../../dist/native/runtime/compat.js';
import { openSide } from './open.mjs';

/** Stack of each function of a program in bytes. Linux 7.x has a line for each: `subprog 0 (NAME) main ... stack 8`. */
function stackOf(log) {
  const lines = [...log.matchAll(/^subprog \d+ .* stack (\d+)/gm)].map((m) => m[1]);
  return lines.length > 0 ? lines.join('+') : /stack depth ([\d+]+)/.exec(log)?.[1];
}

/** The same of all programs that the verifier's statistics name. */
function stacks(log) {
  const parts = log.split(/prog '(\w+)': -- BEGIN PROG LOAD LOG --/).slice(1);
  const out = {};
  for (let i = 0; i + 1 < parts.length; i += 2) out[parts[i]] = stackOf(parts[i + 1]);
  return out;
}

/** The callback of a program; what is no callback keeps its own name. */
function callback({ name, section }, members) {
  if (!section.startsWith('struct_ops')) return name;
  const own = section.replace(/^struct_ops(\.s)?\//, '');
  const longest = members.filter((m) => own === m || own.endsWith(`_${m}`));
  return longest.sort((a, b) => b.length - a.length)[0] ?? own;
}

/** One row for each program: its callback, instructions, verified instructions, jited bytes and stack. */
export function sizes(dir, side, name, cpus) {
  const open = openSide(dir, side, name, cpus);
  const members = opsMembers(open.info).map((m) => m.name);
  let log = '';
  const loaded = open.load({
    logLevel: 4,
    onLog: (text) => (log += text),
    onWarning: () => undefined,
  });
  const stack = stacks(log);
  const info = loaded.programInfo();
  const rows = open.info.programs
    .filter((p) => info[p.name])
    .map((p) => ({ callback: callback(p, members), ...info[p.name], stack: stack[p.name] }));
  loaded.close();
  return rows;
}
