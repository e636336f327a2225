import type { View } from '../../../../sim/view/view.js';

/** Okabe and Ito's colours, which people with any kind of colour blindness can tell apart; black and grey are for other things. */
const PALETTE = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#f0e442'];

/** Plain, striped along, striped across: where there are more processes than colours. */
export const PATTERNS = 3;

export interface Colours {
  /** By number of a task; bytes in the order of ImageData. */
  of: Uint32Array;
  /** 0 to PATTERNS - 1. */
  pattern: Uint8Array;
  processes: { name: string; colour: string; pattern: number; tasks: number[]; ran: number }[];
}

/** Processes get colours in the order of the time that they ran. */
export function coloursOf(view: View): Colours {
  const { slices, tasks } = view;
  const ran = new Float64Array(tasks.length);
  for (let i = 0; i < slices.length; i++)
    ran[slices.task[i]!]! += slices.end[i]! - slices.start[i]!;
  const found = new Map<string, Colours['processes'][number]>();
  tasks.forEach(({ process }, task) => {
    let p = found.get(process);
    if (!p) found.set(process, (p = { name: process, colour: '', pattern: 0, tasks: [], ran: 0 }));
    p.tasks.push(task);
    p.ran += ran[task]!;
  });
  const processes = [...found.values()].sort((a, b) => b.ran - a.ran || (a.name < b.name ? -1 : 1));
  const of = new Uint32Array(tasks.length);
  const pattern = new Uint8Array(tasks.length);
  processes.forEach((p, i) => {
    p.colour = PALETTE[i % PALETTE.length]!;
    p.pattern = Math.floor(i / PALETTE.length) % PATTERNS;
    for (const task of p.tasks) {
      of[task] = pixel(p.colour);
      pattern[task] = p.pattern;
    }
    p.tasks.sort((a, b) => ran[b]! - ran[a]! || tasks[a]!.pid - tasks[b]!.pid);
  });
  return { of, pattern, processes };
}

/** '#rrggbb' as a pixel of ImageData. */
export function pixel(colour: string): number {
  const n = parseInt(colour.slice(1), 16);
  return (0xff00_0000 | ((n & 0xff) << 16) | (n & 0xff00) | (n >> 16)) >>> 0;
}

/** A pixel between two, of which `part` (0 to 1) is `a`. */
export function mix(a: number, b: number, part: number): number {
  const p = Math.round(part * 256);
  const q = 256 - p;
  const red = ((a & 0xff) * p + (b & 0xff) * q) >> 8;
  const green = (((a >> 8) & 0xff) * p + ((b >> 8) & 0xff) * q) >> 8;
  const blue = (((a >> 16) & 0xff) * p + ((b >> 16) & 0xff) * q) >> 8;
  return (0xff00_0000 | (blue << 16) | (green << 8) | red) >>> 0;
}

/** What is drawn in which colour, in the light and in the dark. */
export interface Theme {
  dark: boolean;
  ink: string;
  faint: string;
  paper: number;
  /** Every other lane. */
  band: number;
  heading: number;
  /** Waits of tasks that were woken, and of those that lost their CPU. */
  woken: number;
  lost: number;
  queue: number;
  series: number;
  arrow: string;
  selected: string;
}

export const WAIT_COLOURS = {
  light: { woken: '#8a1c1c', lost: '#8d8d8d' },
  dark: { woken: '#ff8f8f', lost: '#9a9a9a' },
};

export function themeOf(dark: boolean): Theme {
  const waits = dark ? WAIT_COLOURS.dark : WAIT_COLOURS.light;
  return {
    dark,
    ...(dark
      ? { ink: '#e8e8e8', faint: '#9aa0a6', arrow: '#ffffff', selected: '#ffffff' }
      : { ink: '#1b1b1b', faint: '#5f6368', arrow: '#000000', selected: '#000000' }),
    paper: pixel(dark ? '#16181b' : '#ffffff'),
    band: pixel(dark ? '#1c1f23' : '#f5f6f8'),
    heading: pixel(dark ? '#24282d' : '#e9ecef'),
    woken: pixel(waits.woken),
    lost: pixel(waits.lost),
    queue: pixel(dark ? '#8ab4f8' : '#3b6fb6'),
    series: pixel(dark ? '#a8c7a0' : '#3d7a35'),
  };
}
