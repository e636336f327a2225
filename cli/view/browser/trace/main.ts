import '../parts/style.css';
import { viewOf } from '../../../../sim/view/build.js';
import { decodeRecording, fromBase64, RecordingError } from '../../../../sim/view/file.js';
import { timeText } from '../../../../sim/view/names.js';
import type { Recording } from '../../../../sim/view/recording.js';
import { button, h } from '../parts/dom.js';
import { themeButton } from '../parts/theme.js';
import { keysFor } from '../timeline/keys.js';
import { Panel } from '../timeline/panel.js';
import { search } from '../timeline/search.js';
import { Timeline } from '../timeline/timeline.js';

/** What is not as it should be with a recording, for people. */
function warningsOf({ cut, dropped, exit }: Recording): string[] {
  const warnings: string[] = [];
  if (cut)
    warnings.push(
      'This recording was cut short: what is shown ends where the file does. Copy it again, or record again.',
    );
  if (dropped > 0)
    warnings.push(`${dropped} events were lost while it was recorded: there are gaps.`);
  if (exit && /ERROR/.test(exit.kind))
    warnings.push(`The scheduler ended by an error: ${exit.reason} ${exit.message}`);
  return warnings;
}

function show(recording: Recording): void {
  const view = viewOf(recording);
  const theme = themeButton((dark) => (timeline.dark = dark));
  const timeline = new Timeline(view, { dark: theme.dark });
  const { state } = timeline;
  const { scheduler, origin, kernel } = recording;
  const where = origin === 'model' ? `model of Linux ${kernel}` : `Linux ${kernel}`;
  const about = `${where}, ${view.cpus.length} CPUs, ${timeText(view.length)}, ${view.slices.length} slices of ${view.tasks.length} tasks`;
  const header = h(
    'header',
    {},
    h('h1', {}, scheduler),
    h('p', { class: 'faint' }, about),
    search(timeline),
    h(
      'nav',
      { 'aria-label': 'Zoom' },
      button('−', 'Zoom out: S', () => state.zoom(1.6)),
      button('+', 'Zoom in: W', () => state.zoom(1 / 1.6)),
      button('all', 'All of the recording: 0', () => state.all()),
      button('back', 'What was shown before: Backspace', () => state.back()),
      theme.button,
    ),
  );
  const warnings = warningsOf(recording).map((text) =>
    h('p', { class: 'warning', role: 'alert' }, text),
  );
  document.body.replaceChildren(
    header,
    ...warnings,
    h('main', {}, timeline.element, new Panel(timeline).element),
  );
  document.addEventListener('keydown', (e) => {
    const target = e.target as HTMLElement;
    if (e.defaultPrevented || target.closest('input, textarea, select, [role=tree], button'))
      return;
    if (target !== timeline.canvas) keysFor(timeline, e);
  });
  fromHash(timeline);
  addEventListener('hashchange', () => fromHash(timeline));
  timeline.redraw();
  // For tests and benchmarks, which look at what a page holds.
  Object.assign(globalThis, { scxtsTimeline: timeline });
}

/** #FROM,TO in µs shows a part at first; with ',picture' without anything to click at. */
function fromHash(timeline: Timeline): void {
  const part = /^#(\d+),(\d+)(,picture)?$/.exec(location.hash);
  document.body.classList.toggle('picture', part?.[3] !== undefined);
  if (part?.[3]) timeline.onlyCpus();
  if (part && Number(part[1]) < Number(part[2]))
    timeline.state.show(Number(part[1]) * 1000, Number(part[2]) * 1000);
}

async function main(): Promise<void> {
  const data = document.getElementById('recording')?.textContent ?? '';
  try {
    show(await decodeRecording(fromBase64(data.trim())));
  } catch (error) {
    const hint = error instanceof RecordingError ? error.hint : '';
    document.body.replaceChildren(
      h('h1', {}, 'This page cannot be shown'),
      h('p', { class: 'warning', role: 'alert' }, (error as Error).message),
      h('p', {}, hint),
    );
  }
}

void main();
