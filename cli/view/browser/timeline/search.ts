import { h } from '../parts/dom.js';
import type { Timeline } from './timeline.js';

/** Finds tasks by name, PID or process: they stand out, Enter goes to them one after the other. */
export function search(timeline: Timeline): HTMLElement {
  const { state, view } = timeline;
  const field = h('input', {
    ...{ type: 'search', placeholder: 'Task, PID or process (/)', 'aria-label': 'Search tasks' },
  });
  const told = h('output', { class: 'faint' });
  let hits: number[] = [];
  let at = -1;
  const find = (): void => {
    const wanted = field.value.trim().toLowerCase();
    hits =
      wanted === ''
        ? []
        : view.tasks.flatMap(({ name, pid, process }, task) =>
            `${name} ${pid}`.toLowerCase().includes(wanted) ||
            process.toLowerCase().includes(wanted)
              ? [task]
              : [],
          );
    at = -1;
    state.found = wanted === '' ? undefined : new Set(hits);
    told.textContent = wanted === '' ? '' : hits.length === 1 ? '1 task' : `${hits.length} tasks`;
    state.changed();
  };
  field.addEventListener('input', find);
  field.addEventListener('keydown', (e) => {
    e.stopPropagation();
    if (e.key === 'Enter' && hits.length > 0) {
      at = (at + (e.shiftKey ? hits.length - 1 : 1)) % hits.length;
      state.select({ kind: 'task', task: hits[at]! });
      timeline.showTask(hits[at]!);
    }
    if (e.key !== 'Escape') return;
    field.value = '';
    find();
    timeline.canvas.focus();
  });
  document.addEventListener('keydown', (e) => {
    const target = e.target as HTMLElement | null;
    if (
      e.key !== '/' ||
      target?.closest('input, textarea, select, [contenteditable], .monaco-editor')
    )
      return;
    e.preventDefault();
    field.focus();
    field.select();
  });
  return h('label', { class: 'search' }, field, told);
}
