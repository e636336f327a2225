import { busyOf } from '../../../../sim/view/measure.js';
import type { View } from '../../../../sim/view/view.js';
import { h } from '../parts/dom.js';
import type { Theme } from './colours.js';
import type { ViewState } from './state.js';

const POINTS = 400;

/** All of the recording in one strip, with what is shown marked: there one cannot get lost. */
export class Overview {
  readonly element = h('canvas', {
    class: 'overview',
    'aria-hidden': 'true',
    title: 'How busy the machine was. Drag to choose what is shown.',
  });
  private readonly busy = new Float32Array(POINTS);

  constructor(
    private readonly view: View,
    private readonly state: ViewState,
  ) {
    for (let i = 0; i < POINTS; i++) {
      let sum = 0;
      for (let cpu = 0; cpu < view.cpus.length; cpu++)
        sum += busyOf(view, cpu, (i / POINTS) * view.length, ((i + 1) / POINTS) * view.length);
      this.busy[i] = view.cpus.length > 0 ? sum / view.cpus.length : 0;
    }
    this.listen();
  }

  draw(theme: Theme): void {
    const { element, state, view, busy } = this;
    const scale = devicePixelRatio || 1;
    const [width, height] = [element.clientWidth, element.clientHeight];
    element.width = Math.round(width * scale);
    element.height = Math.round(height * scale);
    const c = element.getContext('2d')!;
    c.scale(scale, scale);
    c.fillStyle = theme.dark ? '#4a5560' : '#b9c4d0';
    for (let i = 0; i < POINTS; i++) {
      const tall = busy[i]! * (height - 4);
      c.fillRect((i / POINTS) * width, height - tall, width / POINTS + 0.5, tall);
    }
    const left = (state.from / Math.max(view.length, 1)) * width;
    const right = (state.to / Math.max(view.length, 1)) * width;
    c.fillStyle = theme.dark ? '#0008' : '#fff9';
    c.fillRect(0, 0, left, height);
    c.fillRect(right, 0, width - right, height);
    c.strokeStyle = theme.ink;
    c.lineWidth = 1.5;
    c.strokeRect(left + 0.75, 0.75, Math.max(2, right - left - 1.5), height - 1.5);
  }

  private listen(): void {
    const { element, state, view } = this;
    const time = (e: MouseEvent): number => (e.offsetX / element.clientWidth) * view.length;
    let start: number | undefined;
    let grip: number | undefined;
    element.addEventListener('pointerdown', (e) => {
      element.setPointerCapture(e.pointerId);
      const t = time(e);
      // Within the frame it is moved, outside a new one is drawn.
      const isWhole = state.to - state.from > view.length * 0.98;
      if (!isWhole && t > state.from && t < state.to) grip = t - state.from;
      else start = t;
    });
    element.addEventListener('pointermove', (e) => {
      const t = time(e);
      if (grip !== undefined) state.show(t - grip, t - grip + (state.to - state.from));
      else if (start !== undefined && Math.abs(t - start) > view.length / 500)
        state.show(Math.min(start, t), Math.max(start, t));
    });
    element.addEventListener('pointerup', (e) => {
      const t = time(e);
      if (start !== undefined && Math.abs(t - start) <= view.length / 500) {
        const half = (state.to - state.from) / 2;
        state.show(t - half, t + half, true);
      }
      start = grip = undefined;
    });
    element.addEventListener('dblclick', () => state.all());
  }
}
