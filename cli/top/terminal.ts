import termkit from 'terminal-kit';
import { layout, type Colour, type Screen } from './layout.js';
import { SORTS, type Snapshot } from './snapshot.js';

const ATTRIBUTES: Record<Colour, termkit.ScreenBuffer.Attributes> = {
  plain: {},
  faint: { dim: true },
  bold: { bold: true },
  low: { color: 'green' },
  middle: { color: 'yellow' },
  high: { color: 'red', bold: true },
  head: { inverse: true },
};
const SCROLL = 1;
const PAGE = 10;

/** The live view in a terminal. Only what changed is written, so that nothing flickers and little goes over a line. */
export class TopTerminal implements Disposable {
  private readonly terminal = termkit.terminal;
  private buffer: termkit.ScreenBuffer | undefined;
  private snapshot: Snapshot | undefined;
  private readonly screen: Screen = {
    ...{
      width: 80,
      height: 24,
      sort: 'share',
      filter: '',
      typing: false,
      paused: false,
      scroll: 0,
    },
  };

  constructor(private readonly quit: () => void) {
    const { terminal } = this;
    terminal.fullscreen(true);
    terminal.hideCursor();
    terminal.grabInput(true);
    terminal.on('key', (key: string) => this.key(key));
    terminal.on('resize', () => this.resize());
    this.resize();
  }

  show(snapshot: Snapshot): void {
    if (this.screen.paused) return;
    this.snapshot = snapshot;
    this.draw();
  }

  private resize(): void {
    const { terminal, screen } = this;
    screen.width = Math.max(20, terminal.width || 80);
    screen.height = Math.max(6, terminal.height || 24);
    this.buffer = new termkit.ScreenBuffer({
      ...{ dst: terminal, width: screen.width, height: screen.height, x: 1, y: 1 },
    });
    terminal.clear();
    this.draw();
  }

  private draw(): void {
    const { buffer, snapshot, screen } = this;
    if (!buffer) return;
    buffer.fill({ char: ' ', attr: {} });
    if (!snapshot) buffer.put({ x: 0, y: 0, attr: {} } as never, 'listening to the kernel...');
    else
      layout(snapshot, screen).forEach((row, y) => {
        let x = 0;
        for (const [text, colour] of row) {
          buffer.put({ x, y, attr: ATTRIBUTES[colour], wrap: false } as never, '%s', text);
          x += text.length;
        }
      });
    buffer.draw({ delta: true });
  }

  private key(key: string): void {
    const { screen } = this;
    if (key === 'CTRL_C') return this.quit();
    if (screen.typing) this.type(key);
    else if (key === 'q' || key === 'ESCAPE') return this.quit();
    else if (key === 's') screen.sort = SORTS[(SORTS.indexOf(screen.sort) + 1) % SORTS.length]!;
    else if (key === '/') Object.assign(screen, { typing: true, scroll: 0 });
    else if (key === ' ') screen.paused = !screen.paused;
    else if (key === 'UP') screen.scroll = Math.max(0, screen.scroll - SCROLL);
    else if (key === 'DOWN') screen.scroll += SCROLL;
    else if (key === 'PAGE_UP') screen.scroll = Math.max(0, screen.scroll - PAGE);
    else if (key === 'PAGE_DOWN') screen.scroll += PAGE;
    else if (key === 'HOME') screen.scroll = 0;
    const most = Math.max(0, (this.snapshot?.tasks.length ?? 1) - 1);
    screen.scroll = Math.min(screen.scroll, most);
    this.draw();
  }

  private type(key: string): void {
    const { screen } = this;
    if (key === 'ENTER') screen.typing = false;
    else if (key === 'ESCAPE') Object.assign(screen, { typing: false, filter: '' });
    else if (key === 'BACKSPACE') screen.filter = screen.filter.slice(0, -1);
    else if (key.length === 1) screen.filter += key;
  }

  [Symbol.dispose](): void {
    const { terminal } = this;
    terminal.grabInput(false);
    terminal.hideCursor(false);
    terminal.styleReset();
    terminal.fullscreen(false);
  }
}
