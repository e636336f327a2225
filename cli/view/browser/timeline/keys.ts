import type { Timeline } from './timeline.js';

const ZOOM = 1.35;
const PAN = 0.15;
const ROWS = 60;

/** What keys do, for the legend as well. */
export const KEYS: readonly [string, string][] = [
  ['W, S', 'zoom in, out (also Ctrl + wheel)'],
  ['A, D', 'to the left, to the right (also drag, Shift + wheel)'],
  ['↑, ↓', 'scroll (also wheel)'],
  ['[, ]', "the selected task's slice before, after"],
  ['F', 'fit what is selected (also double click)'],
  ['0', 'all of the recording'],
  ['Backspace', 'back to where one was before'],
  ['/', 'search'],
  ['Esc', 'select nothing'],
];

/** Carries out a key; false if it is none of these. */
export function keysFor(timeline: Timeline, e: KeyboardEvent): boolean {
  if (e.ctrlKey || e.metaKey || e.altKey) return false;
  const { state } = timeline;
  const acts: Record<string, () => void> = {
    w: () => state.zoom(1 / ZOOM),
    s: () => state.zoom(ZOOM),
    a: () => state.pan(-PAN),
    d: () => state.pan(PAN),
    ArrowLeft: () => state.pan(-PAN),
    ArrowRight: () => state.pan(PAN),
    ArrowUp: () => timeline.scrollBy(-ROWS),
    ArrowDown: () => timeline.scrollBy(ROWS),
    '+': () => state.zoom(1 / ZOOM),
    '-': () => state.zoom(ZOOM),
    '[': () => timeline.neighbour(-1),
    ']': () => timeline.neighbour(1),
    f: () => timeline.fit(),
    '0': () => state.all(),
    Home: () => state.all(),
    Backspace: () => state.back(),
    Escape: () => state.select(undefined),
  };
  const act = acts[e.key.length === 1 ? e.key.toLowerCase() : e.key];
  if (!act) return false;
  act();
  e.preventDefault();
  return true;
}
