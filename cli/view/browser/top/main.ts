import '../parts/style.css';
import './top.css';
import { shortTime } from '../../../../sim/view/names.js';
import { chosen, type Snapshot, type SortKey } from '../../../top/snapshot.js';
import { h, svg } from '../parts/dom.js';
import { themeButton } from '../parts/theme.js';

const SHOWN_TASKS = 60;
const SHOWN_QUEUES = 20;
const COLUMNS: readonly SortKey[] = ['name', 'share', 'p99', 'p50', 'waiting'];
const HEADS: Record<SortKey, string> = {
  ...{ share: 'of a CPU', p99: 'wait p99', p50: 'wait p50', waiting: 'waits now', name: 'task' },
};

const percent = (part: number): string => `${(part * 100).toFixed(part < 0.0995 ? 1 : 0)} %`;

/** Values as a little line; `most` is as high as it gets. */
function line(
  values: readonly number[],
  label: string,
  most = Math.max(...values, 1e-9),
): SVGElement {
  const points = values.map((v, i) => `${i * 3},${19 - (v / most) * 17}`).join(' ');
  return svg(
    'svg',
    { viewBox: '0 0 120 20', class: 'line', role: 'img', 'aria-label': label },
    svg('polyline', { points }),
  );
}

let sort: SortKey = 'share';
let latest: Snapshot | undefined;
const lost = h('p', { class: 'warning', role: 'alert', hidden: true });
const title = h('h1', {}, 'scxts top');
const facts = h('p', { class: 'faint' }, 'listening to the kernel…');
const filter = h('input', {
  ...{ type: 'search', placeholder: 'Task or PID', 'aria-label': 'Filter tasks' },
});
const cpus = h('section', { class: 'cpus', 'aria-label': 'CPUs' });
const tasks = h('table', { 'aria-label': 'Tasks' });
const sorts = h('p', { class: 'buttons' });
const queues = h('table', { 'aria-label': 'Dispatch queues' });
const events = h('table', { 'aria-label': 'Kernel events' });

function row(first: string, ...cells: (string | Node)[]): HTMLElement {
  return h('tr', {}, h('th', { scope: 'row' }, first), ...cells.map((c) => h('td', {}, c)));
}

function head(...cells: string[]): HTMLElement {
  return h('tr', {}, ...cells.map((c) => h('th', { scope: 'col' }, c)));
}

function draw(): void {
  const s = latest;
  if (!s) return;
  title.textContent = s.scheduler;
  facts.textContent =
    `Linux ${s.kernel}, ${Math.round(s.switches)} switches and ${Math.round(s.wakeups)} wake-ups a second; ` +
    `this costs ${percent(s.cost)} of a CPU${s.dropped > 0 ? `; ${s.dropped} events were lost` : ''}`;
  cpus.replaceChildren(
    ...s.cpus.map(({ id, busy, runs, waiting, history }) =>
      h(
        'div',
        { class: 'cpu' },
        h('strong', {}, `CPU ${id}`),
        line(history, `CPU ${id}: ${percent(busy)} busy`, 1),
        h('span', {}, percent(busy)),
        h('span', { class: 'faint' }, `${runs || 'idle'}${waiting > 0 ? `, ${waiting} wait` : ''}`),
      ),
    ),
  );
  tasks.replaceChildren(
    h('caption', {}, 'Tasks'),
    head(...COLUMNS.map((key) => HEADS[key]), 'moves a second'),
    ...chosen(s.tasks, sort, filter.value)
      .slice(0, SHOWN_TASKS)
      .map((t) =>
        row(
          `${t.name} ${t.pid}`,
          percent(t.share),
          t.waits ? shortTime(t.p99) : '',
          t.waits ? shortTime(t.p50) : '',
          t.waiting ? shortTime(t.waiting) : '',
          t.migrations.toFixed(0),
        ),
      ),
  );
  const used = s.queues.filter((q) => q.most > 0).sort((a, b) => b.most - a.most);
  queues.replaceChildren(
    h('caption', {}, 'Dispatch queues'),
    head('', 'tasks', 'at most'),
    ...used.slice(0, SHOWN_QUEUES).map((q) => row(q.name, String(q.length), String(q.most))),
  );
  events.replaceChildren(
    h('caption', {}, 'Kernel events'),
    head('', 'a second', 'in all', ''),
    ...s.events
      .filter((e) => e.total > 0)
      .map((e) =>
        row(
          e.name,
          e.rate.toFixed(0),
          String(e.total),
          line(e.rates, `${e.name}: ${e.rate.toFixed(0)} a second`),
        ),
      ),
  );
}

for (const key of COLUMNS) {
  const pressed = String(key === sort);
  const button = h('button', { type: 'button', 'aria-pressed': pressed }, `by ${HEADS[key]}`);
  button.addEventListener('click', () => {
    sort = key;
    for (const other of sorts.children)
      other.setAttribute('aria-pressed', String(other === button));
    draw();
  });
  sorts.append(button);
}
const theme = themeButton(draw);
document.body.replaceChildren(
  h('header', {}, title, facts, filter, theme.button),
  lost,
  h(
    'main',
    { class: 'top' },
    cpus,
    sorts,
    h('div', { class: 'tables' }, tasks, h('div', {}, queues, events)),
  ),
);
filter.addEventListener('input', draw);
const live = new EventSource(`${location.pathname}live`);
live.addEventListener('message', ({ data }: MessageEvent<string>) => {
  lost.hidden = true;
  latest = JSON.parse(data) as Snapshot;
  draw();
});
live.addEventListener('error', () => {
  lost.hidden = false;
  lost.textContent =
    'scxts top does not answer: what is shown is the last that it told. Start it again and open its new address.';
});
