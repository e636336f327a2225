import { define } from '../diagnostic.js';

export const insertedTwice = define('SCX3101', {
  title: 'Two insert the same task',
  why: 'A task goes into one dispatch queue: the kernel ends a scheduler that inserts it twice.',
  wrong: 'use: [a], enqueue(p, flags) { scx_bpf_dsq_insert(...) }   // a inserts in enqueue() too',
  right: 'use: [a], enqueue(p, flags) { a.enqueue(p, flags); }   // a offers it as an api function',
  message: (callback: string, first: string, second: string) =>
    `both '${first}' and '${second}' insert the task in ${callback}()`,
  hint: (callback: string, first: string, second: string) =>
    `let only one of '${first}' and '${second}' insert it in ${callback}()`,
});

export const componentNotUsed = define('SCX3102', {
  title: 'Component that is called but not used',
  why: 'The callbacks of a component keep what its functions work on; they are woven in by `use`.',
  wrong: "scheduler({ name: 's', enqueue(p) { if (meter.busy(p)) ... } })",
  right: "scheduler({ name: 's', use: [meter], enqueue(p) { if (meter.busy(p)) ... } })",
  message: (component: string, method: string, scheduler: string) =>
    `'${component}.${method}' is called, but '${scheduler}' does not use '${component}'`,
  hint: (component: string) => `add use: [${component}]`,
});

export const sameComponentName = define('SCX3103', {
  title: 'Two components of one name',
  why: "State, flags and counters come under the component's name, which must tell them apart.",
  wrong: "use: [a, b]   // both component({ name: 'balancer', ... })",
  right: 'use: [a, b]   // with different names',
  message: (name: string, first: string, second: string) =>
    first === second
      ? `component '${name}' of ${first} is there twice`
      : `${first} and ${second} both define a component '${name}'`,
  hint: (name: string, first: string, second: string) =>
    first === second ? 'name it once' : `rename one, or use only one of the two`,
});

export const componentStateTaken = define('SCX3104', {
  title: 'State of the same name',
  why: "A component's state is NAME_STATE in the object; something else there has that name.",
  wrong: "let meter_load: u64 = 0;   // beside component 'meter' with its own `load`",
  right: 'let own_load: u64 = 0;',
  message: (name: string, first: string, second: string) =>
    `${first} and ${second} both define '${name}'`,
  hint: () => 'rename one of the two',
});

export const memberSetTwice = define('SCX3105', {
  title: 'Two set the same member of sched_ext_ops',
  why: 'There is one value; flags add up, other members do not.',
  wrong: 'use: [a], timeout_ms: 5000   // a sets timeout_ms: 1000',
  right: 'use: [a]',
  message: (member: string, first: string, second: string) =>
    `both '${first}' and '${second}' set ${member}, to different values`,
  hint: (member: string) => `leave ${member} to one of them`,
});

export const noUserspaceHalf = define('SCX3106', {
  title: 'Userspace half that is not there',
  why: 'The skeleton imports it; scxts load runs it.',
  wrong: "component({ name: 'meter', userspace: './metre.js' })",
  right: "component({ name: 'meter', userspace: './meter-userspace.js' })",
  message: (component: string, specifier: string, _why: string) =>
    `the userspace half '${specifier}' of component '${component}' cannot be imported`,
  hint: (_component: string, _specifier: string, why: string) => why,
});

export const componentsOfOneFile = define('SCX3107', {
  title: 'A component shares its file',
  why: "A component's state is what its file declares; two in a file, or one in the scheduler's, could not be told apart.",
  wrong: "export const a = component({ name: 'a' }); export const b = component({ name: 'b' });",
  right: "// a.ts\nexport const a = component({ name: 'a' });",
  message: (name: string, beside: string) => `component '${name}' is in the same file as ${beside}`,
  hint: () => 'give each component a file of its own',
});

export const stateOfTwoModules = define('SCX3108', {
  title: 'State of two modules by the same name',
  why: "Where several modules have state of a name, the skeleton has that of other files than the scheduler's as MODULE_NAME; files of the same name, or a name that is like that already, leave two by one name.",
  wrong:
    "import { hit } from './a/cache.js';   // const stats = ...\nimport { miss } from './b/cache.js';   // const stats = ...",
  right: "import { miss } from './b/cache.js';   // const miss_stats = ...",
  message: (name: string, other: string) =>
    `the skeleton would have two by the name '${name}', the other from ${other}`,
  hint: () => 'rename one of the two',
});
