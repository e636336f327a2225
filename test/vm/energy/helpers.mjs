import { readFileSync } from 'node:fs';

/** Busy and all time of each CPU in ticks, from /proc/stat. */
export function cpuTimes() {
  return readFileSync('/proc/stat', 'utf8')
    .split('\n')
    .filter((line) => /^cpu\d/.test(line))
    .map((line) => {
      const [user, nice, system, idle, iowait, irq, softirq] = line
        .split(/\s+/)
        .slice(1)
        .map(Number);
      const busy = user + nice + system + irq + softirq;
      return { busy, all: busy + idle + iowait };
    });
}

/** A component's state under the names of its source. */
export function componentOf(loaded, name) {
  const scoped = (all) =>
    new Proxy(all, {
      get: (_, key) => all[`${name}_${String(key)}`] ?? all[key],
      set: (_, key, value) => {
        all[`${name}_${String(key)}` in all ? `${name}_${String(key)}` : key] = value;
        return true;
      },
    });
  return { globals: scoped(loaded.globals), maps: scoped(loaded.maps) };
}
