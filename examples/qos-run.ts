// The userspace half of qos: brings the rules, packs the low class, gives a hint to the frequency driver, and prints
// latency and CPU share of each class.
//   scxts build examples/qos.ts && sudo scxts run examples/qos-run.ts --high 'firefox*' --low 'cc1*' --pack 0,1
import { FrequencyHints } from '../components/cpufreq/index.js';
import { parseCpuList } from '../components/energy/index.js';
import { Qos, readRules } from '../components/qos/index.js';
import { runExample } from './lib/example.js';
import { QosClasses } from './qos.skel.js';

let qos: Qos | undefined;

await runExample(QosClasses, {
  about: 'qos: classes of service, by cgroup, name, nice value or task.',
  flags: {
    rules: { short: 'f', value: 'FILE', help: 'rules as JSON: {"comm": {"cc1*": "low"}, "cgroup": {...}}' },
    high: { short: 'H', value: 'NAME', help: 'tasks of this name are high; * at the end for any' },
    low: { short: 'L', value: 'NAME', help: 'tasks of this name are low' },
    pack: { short: 'p', value: 'CPUS', help: 'where the low class runs, e.g. 0-1; all CPUs without' },
    governor: { short: 'g', value: 'NAME', help: 'frequency governor while it runs, e.g. schedutil' },
    preference: { short: 'e', value: 'NAME', help: 'energy performance preference while it runs' },
    root: { short: 'r', value: 'DIR', help: 'where sysfs is (/)' },
    state: { short: 's', value: 'FILE', help: 'where hints are noted (/run/scxts/cpufreq.json)' },
  },
  started(scheduler, flags) {
    const half = new Qos(scheduler);
    qos = half;
    const file = flags.text('rules');
    const rules = file === undefined ? {} : readRules(file);
    half.add(rules);
    const [high, low, pack] = [flags.text('high'), flags.text('low'), flags.text('pack')];
    if (high !== undefined) half.setComm(high, 'high');
    if (low !== undefined) half.setComm(low, 'low');
    half.pack(pack === undefined ? (rules.pack ?? []) : parseCpuList(pack));

    const [root, stateFile] = [flags.text('root'), flags.text('state')];
    const hints = new FrequencyHints({
      ...(root === undefined ? {} : { root }),
      ...(stateFile === undefined ? {} : { stateFile }),
    });
    for (const path of hints.recovered) console.log(`put back: ${path}`);
    const [governor, preference] = [flags.text('governor'), flags.text('preference')];
    hints.set({
      ...(governor === undefined ? {} : { governor }),
      ...(preference === undefined ? {} : { preference }),
    });
    return () => hints.restore();
  },
  statistics(scheduler) {
    const report = qos?.report();
    if (!report) return '';
    const rows = Object.entries(report).map(
      ([name, r]) =>
        `${name.padEnd(7)} wake-ups ${String(r.wakeups).padStart(7)}  p50 ${r.p50Us.toFixed(0).padStart(7)} us  p99 ${r.p99Us.toFixed(0).padStart(7)} us  CPU ${(100 * r.cpuShare).toFixed(0).padStart(3)} %`,
    );
    const { nr_preempting, nr_starved } = scheduler.readCounters();
    return [...rows, `preempting ${nr_preempting}  starved ${nr_starved}`].join('\n');
  },
});
