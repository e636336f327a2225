import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tracePage } from '../../cli/view/page.js';
import { simulate } from '../../sim/index.js';
import { launch, open, picture, type Watched } from './browser.js';

const examples = join(import.meta.dirname, '..', '..', 'examples');
const folder = mkdtempSync(join(tmpdir(), 'scxts-pages-'));
let browser: Browser;
let text: string;

const write = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return pathToFileURL(path).href;
};

beforeAll(async () => {
  browser = await launch();
  const run = await simulate(join(examples, 'simple.ts'), {
    ...{ duration: '1s', trace: true, machine: { cpus: 8, threads: 2, llcs: 2, nodes: 2 } },
  });
  text = await tracePage(run.trace());
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the page shows at the moment. */
interface Shown {
  from: number;
  to: number;
  length: number;
  selection: { kind: string; slice?: number } | null;
  task: number;
  found: number;
}
const shown = (page: Page): Promise<Shown> =>
  page.evaluate(() => {
    const { state, view } = (globalThis as never as { scxtsTimeline: never })['scxtsTimeline'] as {
      state: { from: number; to: number; selection?: never; task: number; found?: Set<number> };
      view: { length: number };
    };
    return {
      ...{ from: state.from, to: state.to, length: view.length, task: state.task },
      ...{ selection: state.selection ?? null, found: state.found?.size ?? -1 },
    };
  });

describe('the trace page', () => {
  let watched: Watched;
  let page: Page;
  beforeAll(async () => {
    watched = await open(browser, write('simple.html', text));
    page = watched.page;
    await page.waitForSelector('canvas.lanes');
    await page.waitForSelector('[role=treeitem]');
  });

  it('opens without the network and without an error', async () => {
    await picture(page, 'trace');
    expect(watched.errors).toEqual([]);
    expect(watched.requests.filter((url) => !url.startsWith('file:'))).toEqual([]);
    expect(await page.textContent('header')).toMatch(
      /simple.*model of Linux 7\.3, 8 CPUs, 1\.000 s, \d+ slices of \d+ tasks/,
    );
  });

  it('can be read by its accessibility tree: lanes with levels and figures, details, search', async () => {
    const tree = page.getByRole('tree', { name: 'Lanes' });
    await expect(tree.getByRole('treeitem', { name: /^CPUs \(8\)/ }).count()).resolves.toBe(1);
    const cpu = tree.getByRole('treeitem', { name: /^CPU 0, core 0: \d+ % busy/ });
    expect(await cpu.getAttribute('aria-level')).toBe('4');
    expect(
      await tree.getByRole('treeitem', { name: /^node 1/ }).getAttribute('aria-expanded'),
    ).toBe('true');
    expect(await tree.getByRole('treeitem', { name: /^DSQ 0: at most \d+/ }).count()).toBe(1);
    expect(await page.getByRole('complementary', { name: 'Details' }).count()).toBe(1);
    expect(
      await page.getByRole('img', { name: /^Waits: \d+; p50 .*, p99 .*, longest/ }).count(),
    ).toBe(1);
    expect(await page.getByRole('searchbox', { name: 'Search tasks' }).count()).toBe(1);
  });

  it('zooms and moves by keys, and cannot get lost', async () => {
    await page.locator('canvas.lanes').focus();
    for (let i = 0; i < 12; i++) await page.keyboard.press('w');
    const near = await shown(page);
    expect(near.to - near.from).toBeLessThan(near.length / 20);
    for (let i = 0; i < 120; i++) await page.keyboard.press('a');
    expect((await shown(page)).from).toBe(0);
    for (let i = 0; i < 400; i++) await page.keyboard.press('d');
    const right = await shown(page);
    expect(right.to).toBeCloseTo(right.length, 3);
    for (let i = 0; i < 80; i++) await page.keyboard.press('w');
    const nearest = await shown(page);
    expect(nearest.to - nearest.from).toBeGreaterThanOrEqual(199);
    for (let i = 0; i < 150; i++) await page.keyboard.press('s');
    expect(await shown(page)).toMatchObject({ from: 0, to: right.length });
  });

  it('selects what is clicked at, tells all about it, and goes to who woke it', async () => {
    // A frame task is woken by its timer, ping by pong: searched for, followed, selected by the brackets.
    await page.fill('input[type=search]', 'pong');
    await page.press('input[type=search]', 'Enter');
    expect((await shown(page)).found).toBeGreaterThan(0);
    expect(await page.textContent('.search output')).toMatch(/^\d+ tasks$/);
    await page.locator('canvas.lanes').focus();
    await page.keyboard.press(']');
    await page.keyboard.press(']');
    const selected = page.getByRole('region', { name: 'Selection' });
    await page.waitForFunction(() =>
      /on CPU/.test(document.querySelector('.panel h2')!.textContent),
    );
    const told = (await selected.textContent())!;
    expect(told).toMatch(/pong.* on CPU \d.*waited.*ready.*woken by ping/);
    expect(told).toMatch(/simple\.ts:\d+/);
    await page.keyboard.press('f');
    await picture(page, 'trace-selected');
    const before = await shown(page);
    await page.getByRole('button', { name: /The slice in which it was woken/ }).click();
    expect((await shown(page)).task).not.toBe(before.task);
    expect(await selected.textContent()).toMatch(/^ping/);
    await page.fill('input[type=search]', '');
  });

  it('says what lies under the mouse, and zooms there by the wheel', async () => {
    await page.getByRole('tree', { name: 'Lanes' }).focus();
    await page.keyboard.press('Home');
    await page.locator('canvas.lanes').focus();
    await page.keyboard.press('0');
    const cpu = (await page.getByRole('treeitem', { name: /^CPU 0, core 0/ }).boundingBox())!;
    const canvas = (await page.locator('canvas.lanes').boundingBox())!;
    await page.mouse.move(canvas.x + canvas.width / 2, cpu.y + cpu.height / 2);
    expect(await page.textContent('[role=tooltip]')).toMatch(/on CPU 0\nfrom: .*\nfor: /);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -400);
    await page.keyboard.up('Control');
    const zoomed = await shown(page);
    expect(zoomed.from).toBeGreaterThan(0);
    const middle = (zoomed.from + zoomed.to) / 2;
    expect(Math.abs(middle - zoomed.length / 2)).toBeLessThan(zoomed.length / 50);
    await page.mouse.click(canvas.x + canvas.width / 2, cpu.y + cpu.height / 2);
    expect((await shown(page)).selection).toMatchObject({ kind: 'slice' });
    await page.keyboard.press('Escape');
    expect((await shown(page)).selection).toBeNull();
  });

  it('folds by keys of the tree, and shows a process again', async () => {
    await page.keyboard.press('0');
    const tree = page.getByRole('tree', { name: 'Lanes' });
    await tree.getByRole('treeitem', { name: /^node 0/ }).click();
    const cpu = tree.getByRole('treeitem', { name: /^CPU 0,/ });
    await expect.poll(() => cpu.count()).toBe(0);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => cpu.count()).toBe(1);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    // Lanes are drawn in the next frame.
    await page.waitForFunction(() =>
      document
        .querySelector('[role=tree]')!
        .getAttribute('aria-activedescendant')!
        .startsWith('lane-cpu'),
    );
  });

  it('has a dark side', async () => {
    await page.getByRole('button', { name: 'Dark or light' }).click();
    await picture(page, 'trace-dark');
    const colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(colour).toBe('rgb(22, 24, 27)');
    const pixel = await page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('canvas.lanes')!;
      return [...canvas.getContext('2d')!.getImageData(canvas.width - 2, 2, 1, 1).data];
    });
    expect(pixel.slice(0, 3)).toEqual([22, 24, 27]);
    expect(watched.errors).toEqual([]);
  });

  it('shows a part at first if the address says so', async () => {
    const { page: other } = await open(browser, `${write('part.html', text)}#200000,300000`);
    await other.waitForSelector('[role=treeitem]');
    expect(await shown(other)).toMatchObject({ from: 200e6, to: 300e6 });
    await other.close();
  });
});

describe('a trace page that is not whole', () => {
  const opened = async (content: string): Promise<string> => {
    const { page } = await open(browser, write('broken.html', content));
    await page.waitForSelector('[role=alert]');
    const told = (await page.textContent('body'))!;
    await picture(page, 'trace-broken');
    await page.close();
    return told;
  };

  it('shows what is there of a file that was cut, and says so', async () => {
    const told = await opened(text.slice(0, text.lastIndexOf('</script>') - 4000));
    expect(told).toContain('was cut short');
    expect(told).toContain('CPU 7');
  });

  it('says that another version made it', async () => {
    const at = text.indexOf('>', text.indexOf('<script id="recording"')) + 1;
    const data = Buffer.from(text.slice(at, text.indexOf('<', at)), 'base64');
    data[7] = '9'.charCodeAt(0);
    const told = await opened(text.slice(0, at) + data.toString('base64') + '</script>');
    expect(told).toMatch(/this recording has format 9.*reads format 1/);
    expect(told).toContain('open it with the scxts that made it');
  });

  it('says that it holds no recording', async () => {
    const told = await opened(text.replace(/(<script id="recording"[^>]*>)[^<]*/, '$1AAAA'));
    expect(told).toContain('no recording of scxts');
  });
});
