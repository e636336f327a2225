import { defaultLoad } from '../../../../sim/load/default.js';
import type { Load, TaskGroup } from '../../../../sim/load/description.js';
import type { ConfigVariable } from '../../../../sim/run/config.js';
import type { SimulateOptions } from '../../../../sim/run/options.js';
import { button, h } from '../parts/dom.js';

const LOADS: Record<string, (cpus: number) => Load> = {
  'a mix of all': defaultLoad,
  'hogs and a web server': (cpus) => ({
    tasks: [
      { name: 'hog', count: cpus, run: 'forever' },
      {
        name: 'web',
        count: 4 * cpus,
        loop: [{ run: ['100us', '300us'] }, { sleep: { exponential: '4ms' } }],
      },
    ],
  }),
  'a game beside a compiler': (cpus) => ({
    tasks: [
      { name: 'game', count: 2, loop: [{ run: '6ms' }, { period: '16667us' }] },
      {
        name: 'cc',
        count: 2 * cpus,
        nice: 5,
        loop: [{ run: ['20ms', '120ms'] }, { sleep: '2ms' }],
      },
    ],
  }),
  pipes: (cpus) => ({
    tasks: [
      {
        name: 'writer',
        count: cpus,
        loop: [{ run: '40us' }, { wake: 'pipe', sync: true }, { wait: 'back' }],
      },
      {
        name: 'reader',
        count: cpus,
        loop: [{ wait: 'pipe' }, { run: '40us' }, { wake: 'back', sync: true }],
      },
    ],
  }),
  niceness: (cpus) => ({
    tasks: [-10, -5, 0, 5, 10].map((nice) => ({
      ...{
        name: `nice ${nice}`,
        nice,
        count: Math.max(1, Math.ceil(cpus / 2)),
        run: 'forever' as const,
      },
    })),
  }),
};

/** Machine, load, kernel and flags, set with the mouse. */
export class Settings {
  readonly element = h('form', { class: 'settings', 'aria-label': 'Machine and load' });
  private readonly values: Record<string, number | string> = {
    ...{ cpus: 8, threads: 1, llcs: 1, duration: 500, seed: 1, kernel: '7.3' },
  };
  private load: Load = defaultLoad(8);
  private readonly loadRows = h('div', { class: 'load' });
  private readonly flagRows = h('div', { class: 'flags' });
  private flags: Record<string, number | boolean> = {};
  private knownFlags = '';

  constructor(
    kernels: readonly string[],
    private readonly changed: () => void,
  ) {
    this.element.addEventListener('submit', (e) => e.preventDefault());
    const kernel = h(
      'select',
      { 'aria-label': 'Kernel' },
      ...kernels.map((k) => h('option', { selected: k === '7.3' }, k)),
    );
    kernel.addEventListener('change', () => this.set('kernel', kernel.value));
    const loads = h(
      'select',
      { 'aria-label': 'Load' },
      ...Object.keys(LOADS).map((name) => h('option', {}, name)),
    );
    loads.addEventListener('change', () => {
      this.load = LOADS[loads.value]!(this.number('cpus'));
      this.drawLoad();
      this.changed();
    });
    this.element.append(
      h('h2', {}, 'Machine'),
      this.slider('cpus', 'CPUs', 1, 32, () => undefined),
      this.slider('threads', 'threads of a core', 1, 2),
      this.slider('llcs', 'caches', 1, 4),
      h('label', {}, h('span', {}, 'Linux'), kernel),
      this.slider('duration', 'ms to run', 50, 3000),
      this.slider('seed', 'seed', 1, 20),
      h('h2', {}, 'Load'),
      loads,
      this.loadRows,
      this.flagRows,
    );
    this.drawLoad();
  }

  options(): SimulateOptions {
    const [cpus, threads] = [this.number('cpus'), this.number('threads')];
    // As many of each as there are cores for.
    const cores = Math.max(1, Math.floor(cpus / threads));
    const whole = cpus % threads === 0 ? threads : 1;
    let llcs = Math.min(this.number('llcs'), whole === threads ? cores : cpus);
    while ((cpus / whole) % llcs !== 0) llcs--;
    return {
      ...{ machine: { cpus, threads: whole, llcs }, kernel: String(this.values['kernel']) },
      ...{ duration: `${this.number('duration')}ms`, seed: this.number('seed') },
      ...{ tasks: this.load.tasks, config: this.flags },
    };
  }

  /** The flags of the scheduler at hand. */
  offer(variables: readonly ConfigVariable[]): void {
    const key = variables.map((v) => v.name).join();
    if (key === this.knownFlags) return;
    this.knownFlags = key;
    this.flags = {};
    this.flagRows.replaceChildren(...(variables.length > 0 ? [h('h2', {}, 'Flags')] : []));
    for (const { name, flag, help, isBool } of variables) {
      const input = h('input', {
        type: isBool ? 'checkbox' : 'number',
        placeholder: 'default',
        'aria-label': flag,
      });
      input.addEventListener('change', () => {
        if (isBool) this.flags[name] = input.checked;
        else {
          const { [name]: _, ...others } = this.flags;
          this.flags = input.value === '' ? others : { ...others, [name]: Number(input.value) };
        }
        this.changed();
      });
      this.flagRows.append(h('label', { title: help }, h('span', {}, flag), input));
    }
  }

  private number(name: string): number {
    return Number(this.values[name]);
  }

  private set(name: string, value: number | string): void {
    this.values[name] = value;
    this.changed();
  }

  private slider(
    name: string,
    label: string,
    min: number,
    max: number,
    also?: () => void,
  ): HTMLElement {
    const told = h('output', {}, String(this.values[name]));
    const input = h('input', {
      ...{ type: 'range', min, max, value: this.number(name), 'aria-label': label },
    });
    input.addEventListener('input', () => {
      told.textContent = input.value;
      also?.();
      this.set(name, Number(input.value));
    });
    return h('label', {}, h('span', {}, label), input, told);
  }

  private drawLoad(): void {
    const rows = this.load.tasks
      .filter((g) => g.start !== 'never')
      .map((group) => this.groupRow(group));
    const add = button('+ hog', 'Tasks that always want to run', () => {
      this.load = {
        ...this.load,
        tasks: [...this.load.tasks, { name: `more${rows.length}`, count: 1, run: 'forever' }],
      };
      this.drawLoad();
      this.changed();
    });
    this.loadRows.replaceChildren(...rows, add);
  }

  private groupRow(group: TaskGroup): HTMLElement {
    const change = (what: Partial<TaskGroup>): void => {
      this.load = {
        ...this.load,
        tasks: this.load.tasks.map((g) => (g === group ? { ...g, ...what } : g)),
      };
      group = this.load.tasks.find((g) => g.name === group.name)!;
      this.changed();
    };
    const range = (
      label: string,
      min: number,
      max: number,
      value: number,
      act: (n: number) => void,
    ): HTMLElement => {
      const told = h('output', {}, String(value));
      const input = h('input', {
        type: 'range',
        min,
        max,
        value,
        'aria-label': `${group.name}: ${label}`,
      });
      input.addEventListener('input', () => {
        told.textContent = input.value;
        act(Number(input.value));
      });
      return h('span', { class: 'range', title: label }, label, input, told);
    };
    const remove = button('×', `Without ${group.name}`, () => {
      if (this.load.tasks.length === 1) return;
      this.load = { ...this.load, tasks: this.load.tasks.filter((g) => g !== group) };
      this.drawLoad();
      this.changed();
    });
    return h(
      'div',
      { class: 'group' },
      h('strong', {}, group.name),
      range('tasks', 0, 64, group.count ?? 1, (count) => change({ count })),
      range('nice', -20, 19, group.nice ?? 0, (nice) => change({ nice })),
      remove,
    );
  }
}
