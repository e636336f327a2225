// The userspace half of qos: brings the rules, packs the low class, gives a hint to the frequency driver, and prints
// latency and CPU share of each class.
//   scxts build examples/qos.ts && sudo scxts run examples/qos-run.ts --high 'firefox*' --low 'cc1*' --pack 0,1
import { parseCpuList } from 'scxts/components/energy/userspace';
import { readRules } from 'scxts/components/qos/userspace';
import { runExample } from './lib/example.js';
import { QosClasses } from './qos.skel.js';

await runExample(QosClasses, {
  about: 'qos: classes of service, by cgroup, name, nice value or task.',
  flags: {
    rules: {
      short: 'f',
      value: 'FILE',
      help: 'rules as JSON: {"comm": {"cc1*": "low"}, "cgroup": {...}}',
    },
    high: { short: 'H', value: 'NAME', help: 'tasks of this name are high; * at the end for any' },
    low: { short: 'L', value: 'NAME', help: 'tasks of this name are low' },
    pack: {
      short: 'p',
      value: 'CPUS',
      help: 'where the low class runs, e.g. 0-1; all CPUs without',
    },
    governor: {
      short: 'g',
      value: 'NAME',
      help: 'frequency governor while it runs, e.g. schedutil',
    },
    preference: { short: 'e', value: 'NAME', help: 'energy performance preference while it runs' },
    root: { short: 'r', value: 'DIR', help: 'where sysfs is (/)' },
    state: { short: 's', value: 'FILE', help: 'where hints are noted (/run/scxts/cpufreq.json)' },
  },
  configure({ components }, flags) {
    const { options } = components.cpufreq;
    options.root = flags.text('root') ?? '/';
    const state = flags.text('state');
    if (state !== undefined) options.stateFile = state;
  },
  started(scheduler, flags) {
    const { qos, cpufreq } = scheduler.components;
    const file = flags.text('rules');
    const rules = file === undefined ? {} : readRules(file);
    qos.add(rules);
    const [high, low, pack] = [flags.text('high'), flags.text('low'), flags.text('pack')];
    if (high !== undefined) qos.setComm(high, 'high');
    if (low !== undefined) qos.setComm(low, 'low');
    qos.pack(pack === undefined ? (rules.pack ?? []) : parseCpuList(pack));

    for (const path of cpufreq.hints.recovered) console.log(`put back: ${path}`);
    const [governor, preference] = [flags.text('governor'), flags.text('preference')];
    cpufreq.hints.set({
      ...(governor === undefined ? {} : { governor }),
      ...(preference === undefined ? {} : { preference }),
    });
    if (governor !== undefined) console.log('hints are set');
  },
  statistics(scheduler) {
    const report = scheduler.components.qos.report();
    const rows = Object.entries(report).map(
      ([name, r]) =>
        `${name.padEnd(7)} wake-ups ${String(r.wakeups).padStart(7)}  p50 ${r.p50Us.toFixed(0).padStart(7)} us  p99 ${r.p99Us.toFixed(0).padStart(7)} us  CPU ${(100 * r.cpuShare).toFixed(0).padStart(3)} %`,
    );
    const { qos_nr_preempting, qos_nr_starved } = scheduler.readCounters();
    return [...rows, `preempting ${qos_nr_preempting}  starved ${qos_nr_starved}`].join('\n');
  },
});
