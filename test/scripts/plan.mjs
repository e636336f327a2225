// How each npm script that README.md names, and each command in the documents, is started by `npm run test:scripts`. Another test
// (test/unit/commands.test.ts) sees to it that none is forgotten here.

/**
 * `args` and `env` make it short; `exits` and `says` are what it does where something that it needs is not there and cannot be had here;
 * `elsewhere` names what runs it instead, since it is too long for this.
 */
export const SCRIPTS = {
  setup: {},
  demo: {},
  test: { elsewhere: 'CI' },
  'test:unit': { args: ['test/unit/vm-streams.test.ts'] },
  'test:vm': { args: ['test/vm/scheduler.test.ts', '-t', 'no such test', '--passWithNoTests'] },
  'test:matrix': {
    args: [
      '--kernel',
      '6.18',
      '--machine',
      '2 CPUs',
      '--only',
      'simple',
      '--seconds',
      '1',
      '--no-claims',
    ],
  },
  'test:examples': {
    env: {
      SCXTS_EXAMPLES_KERNELS: '6.18',
      SCXTS_EXAMPLES_ONLY: 'simple',
      SCXTS_EXAMPLES_SECONDS: '1',
    },
  },
  'test:soundness': { args: ['--count', '2', '--kernels', 'host'] },
  'test:energy': { args: ['-t', 'no such test', '--passWithNoTests'] },
  'test:trace': { args: ['-t', 'no such test', '--passWithNoTests'] },
  'test:browser': { exits: 1, says: /these tests need a browser/ },
  'test:asan': { args: ['test/unit/maps.test.ts'] },
  'test:leaks': { args: ['100', '20'] },
  'test:hostile': { env: { SCXTS_SHORT: '1' } },
  'test:fuzz': { args: ['2'] },
  'test:fuzz:values': { args: ['2'] },
  'test:fuzz:skeletons': { args: ['2'] },
  'test:package': { elsewhere: 'CI, in its short form' },
  'test:distros': { elsewhere: 'itself: it makes whole distributions' },
  'test:scripts': { elsewhere: 'itself' },
  'bench:c': { exits: 2, says: /SCX_C_DIR is not set/ },
  pictures: { exits: 1, says: /the pictures need/ },
  bench: { env: { SCXTS_SHORT: '1' } },
  'bench:loop': { env: { SCXTS_SHORT: '1' } },
  'bench:start': { env: { SCXTS_SHORT: '1' } },
  'bench:sim': { env: { SCXTS_SHORT: '1' } },
  'bench:views': { args: ['20000'], exits: 1, says: /command -v chromium/ },
  'bench:check': { env: { SCXTS_SHORT: '1' } },
  'bench:balancer': { env: { SCXTS_SHORT: '1' } },
  docs: {},
  prebuild: { elsewhere: 'test:package, for this platform' },
  'pack:all': { elsewhere: 'test:package' },
  guide: {},
  vscode: {},
  site: {},
  'kernel-table': {
    elsewhere: 'nothing: it writes the project anew from the kernels that apt has today',
  },
  simulate: { args: ['1', '.cache'] },
};

/** The tasks of the guide, which its readers solve. */
const TASKS = [
  ...[
    'ten-lines',
    'queues',
    'callbacks',
    'fairness',
    'cgroups',
    'per-cpu',
    'halves',
    'topology',
    'signals',
    'energy',
    'testing',
    'production',
  ],
];

/**
 * Of the commands in code blocks marked `sh`, without their comments: `host` runs here, `guest` in a virtual machine with a kernel that has
 * sched_ext, ended by Ctrl-C after some seconds if it goes on for ever; `script` is one of the above; `needs` says why it is not run.
 */
export const COMMANDS = {
  ...Object.fromEntries(
    TASKS.map((name) => [
      `npx vitest run --root examples/guide ${name}`,
      { needs: 'a solution of the reader; test/unit/guide.test.ts runs all of these' },
    ]),
  ),
  'npm run demo': { script: 'demo' },
  'npm run vscode': { script: 'vscode' },
  'code --install-extension .cache/scxts.vsix': { needs: 'Visual Studio Code' },
  'npm run setup': { script: 'setup' },
  'npx scxts sim examples/simple.ts': { host: true },
  'sudo node dist/cli/bin.js load examples/simple.ts --fifo': { guest: true },
  'sudo node dist/cli/bin.js run examples/simple-monitor.ts': { guest: true },
  'SCX_C_DIR=/path/to/scx npm run bench:c': { script: 'bench:c' },
  'SCX_C_DIR=/path/to/scx npm run bench:c -- --kernel 6.18 --only nest,qmap --write': {
    script: 'bench:c',
  },
  'bpftool gen skeleton scx_pair.bpf.o name scx_pair > scx_pair.bpf.skel.h': {
    needs: 'a build of sched-ext/scx, of which nothing is here',
  },
  'cc -O2 -I../include scx_pair.c -o scx_pair -lbpf -lelf -lz': {
    needs: 'a build of sched-ext/scx, of which nothing is here',
  },
  'scxts types --struct nvme_queue --out kernel': {
    needs: 'a kernel with that driver',
    host: 'scxts types --struct task_struct --out .cache/kernel',
  },
  'scxts types --btf /boot/vmlinuz-6.18.15 --out kernel': {
    host: 'scxts types --btf $(ls -d ~/.cache/scxts/kernels/6.18*/vmlinuz | tail -n 1) --out .cache/kernel',
  },
  'sudo scxts trace --duration 5 --out busy.json': { guest: true },
  'sudo scxts top': { guest: true, needs: 'a terminal', host: 'scxts top --json --count 1' },
  'scxts play my-scheduler.ts': {
    needs: 'somebody who ends it',
    host: 'timeout -s INT 5 scxts play examples/simple.ts | grep -q http://127.0.0.1:',
  },
  'scxts vm -- scxts load examples/simple.ts --duration 10': { host: true },
  "scxts vm --kernel 6.12 --cpus 4 -- node -e 'console.log(os.release())'": { host: true },
  'scxts vm --topology sockets=2,cores=2,threads=2 --numa 2 -- cat /proc/cpuinfo': { host: true },
  "scxts vm --save results -- sh -c 'mkdir results; dmesg > results/dmesg'": { host: true },
  'scxts vm --list': { host: true },
  'scxts sim examples/simple.ts': { host: true },
  'scxts sim examples/nest.ts --machine big.json --load web.json --duration 30s --kernel 6.12 --slice-ns 5000000':
    { needs: 'a machine and a load of the reader' },
  'scxts sim examples/simple.ts examples/central.ts none': { host: true },
  'scxts sim examples/nest.ts --trace nest.html': { host: true },
  'scxts sim examples/nest.ts --explore 1000 --max-wait 500ms --fair 20%': {
    // What it finds, if anything, is its exit code.
    host: 'scxts sim examples/nest.ts --explore 3 --max-wait 500ms --fair 20% || [ $? = 1 ]',
  },
  'scxts sim examples/nest.ts --profile': { host: true },
  'scxts sim examples/rusty.ts --with balance.ts': { needs: 'a half of the reader' },
  'scxts check examples/guide/ten-lines/chapter.ts': { host: true },
  'scxts sim examples/guide/ten-lines/chapter.ts --load examples/guide/ten-lines/load.json --cpus 2 --duration 1s':
    { host: true },
  'scxts sim examples/guide/queues/chapter.ts --load examples/guide/queues/load.json --cpus 2 --duration 1s':
    { host: true },
  'scxts sim examples/guide/callbacks/chapter.ts --load examples/guide/callbacks/load.json --cpus 2 --duration 1s':
    { host: true },
  'scxts sim examples/guide/fairness/chapter.ts --load examples/guide/fairness/load.json --cpus 2 --duration 2s':
    { host: true },
  'scxts sim examples/guide/cgroups/chapter.ts --load examples/guide/cgroups/load.json --cpus 2 --duration 2s':
    { host: true },
  'scxts sim examples/guide/per-cpu/chapter.ts --load examples/guide/per-cpu/load.json --cpus 2 --duration 1s':
    { host: true },
  'scxts build examples/guide/halves/chapter.ts': { host: true },
  'scxts sim examples/guide/halves/chapter.ts --with examples/guide/halves/half.ts --load examples/guide/halves/load.json --cpus 2 --duration 1s':
    { host: true },
  'scxts build examples/guide/topology/chapter.ts': { host: true },
  'scxts sim examples/guide/topology/chapter.ts --with examples/guide/topology/half.ts --machine examples/guide/topology/machine.json --load examples/guide/topology/load.json --duration 1s':
    { host: true },
  'scxts sim examples/simple-balanced.ts --machine examples/guide/topology/machine.json --load examples/guide/topology/load.json --duration 1s':
    { host: true },
  'scxts sim examples/guide/signals/chapter.ts --load examples/guide/signals/load.json --cpus 2 --duration 1s':
    { host: true },
  'scxts sim examples/guide/energy/chapter.ts --machine examples/guide/energy/machine.json --load examples/guide/energy/load.json --duration 2s':
    { host: true },
  'scxts sim examples/guide/testing/chapter.ts --explore 50 --max-wait 500ms': {
    host: 'scxts sim examples/guide/testing/chapter.ts --explore 50 --max-wait 500ms || [ $? = 1 ]',
  },
  'scxts sim examples/guide/testing/chapter.ts --load examples/guide/testing/load.json --cpus 2 --duration 5s':
    {
      host: 'scxts sim examples/guide/testing/chapter.ts --load examples/guide/testing/load.json --cpus 2 --duration 5s || [ $? = 1 ]',
    },
  'scxts sim examples/guide/testing/chapter.ts --load examples/guide/testing/load.json --cpus 2 --duration 1s --profile --trace slow.html':
    { host: true },
  'scxts build examples/guide/production/chapter.ts': { host: true },
  'scxts sim examples/guide/production/chapter.ts --with examples/guide/production/half.ts --load examples/guide/production/load.json --cpus 2 --duration 3s':
    { host: true },
  'npm install --save-dev vitest': { needs: 'a project of the reader' },
  'mkdir -p examples': { needs: 'a project of the reader' },
  'cp -r node_modules/scxts/examples/guide examples/guide': { needs: 'a project of the reader' },
  'SOLUTION=1 npx vitest run --root examples/guide': { host: true },
  'scxts build examples/nest.ts': { host: true },
  'sudo scxts run examples/nest-run.ts --help': { guest: true },
  'sudo scxts run examples/nest-run.ts -d 4000': { guest: true },
  'scxts vm --kernel 6.18 --cpus 4 -- scxts run examples/nest-run.ts --duration 10': { host: true },
  "npm run test:matrix -- --long --kernel 7.3 --machine '2 sockets' --only simple,nest,qmap": {
    script: 'test:matrix',
  },
  'scxts build examples/latency.ts': { host: true },
  'sudo scxts run examples/latency-run.ts': { guest: true },
  'sudo scxts run examples/latency-run.ts --compact': { guest: true },
  'scxts build examples/eas.ts': { host: true },
  'sudo scxts run examples/eas-run.ts': { guest: true },
  'sudo scxts run examples/eas-run.ts --model test/energy/hikey960.json': {
    needs: "a HiKey 960: the model has that machine's 8 CPUs",
  },
  'scxts build examples/nest-energy.ts': { host: true },
  'sudo scxts run examples/nest-energy-run.ts': { guest: true },
  'sudo scxts run examples/nest-run.ts': { guest: true },
  'scxts build examples/qos.ts': { host: true },
  "sudo scxts run examples/qos-run.ts --high 'firefox*' --low 'cc1*' --pack 0,1 --governor schedutil":
    {
      guest: true,
    },
};

/** The commands of a document's `sh` blocks, without comments; what is joined by && is two. */
export function commandsOf(text) {
  return [...text.matchAll(/^```sh\n([^]*?)^```/gm)]
    .flatMap(([, block]) => block.split('\n'))
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .flatMap((line) => line.split(' && '))
    .filter((line) => line !== '');
}

/** The npm scripts that a document names: as `npm run NAME`, or in the first column of a table that is headed so. */
export function scriptsOf(text) {
  const named = [...text.matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, name]) => name);
  const tables = [...text.matchAll(/^\| `npm run` \|.*\n((?:\|.*\n)+)/gm)].map(([, rows]) => rows);
  const first = tables.join('').match(/^\| [^|]*/gm) ?? [];
  const listed = [...first.join('').matchAll(/`([\w:-]+)`/g)].map(([, name]) => name);
  return [...new Set([...named, ...listed])];
}
