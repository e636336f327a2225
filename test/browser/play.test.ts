import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPlay } from '../../cli/play/play.js';
import type { LocalServer } from '../../cli/view/local-server.js';
import { simulate } from '../../sim/index.js';
import { launch, open, picture, type Watched } from './browser.js';

const examples = join(import.meta.dirname, '..', '..', 'examples');
const folder = mkdtempSync(join(tmpdir(), 'scxts-play-test-'));
const file = join(folder, 'mine.ts');
const FIFO = `import { scheduler, scx_bpf_create_dsq, scx_bpf_dsq_insert, scx_bpf_dsq_move_to_local, SCX_SLICE_DFL } from 'scxts';

export default scheduler({
  name: 'mine',
  init() {
    return scx_bpf_create_dsq(7, -1);
  },
  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert(p, 7, SCX_SLICE_DFL, enq_flags);
  },
  dispatch() {
    scx_bpf_dsq_move_to_local(7, 0);
  },
});
`;
let browser: Browser;
let server: LocalServer;
let watched: Watched;
let page: Page;

const status = (of = page): Promise<string | null> => of.textContent('.status');
/** Waits until a run is shown that began after the last change. */
const ran = async (of = page): Promise<void> => {
  await of.waitForFunction(() => /^ran in/.test(document.querySelector('.status')!.textContent));
};
const edit = async (text: string): Promise<void> => {
  await page.evaluate((t) => {
    document.querySelector('.status')!.textContent = '';
    const play = (
      globalThis as never as { scxtsPlay: { editor: { editor: { setValue(t: string): void } } } }
    ).scxtsPlay;
    play.editor.editor.setValue(t);
  }, text);
};

beforeAll(async () => {
  writeFileSync(file, FIFO);
  browser = await launch();
  server = await startPlay(file, 0);
  watched = await open(browser, server.url, { width: 1500, height: 950 });
  page = watched.page;
  await ran();
});
afterAll(async () => {
  await browser.close();
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

describe('scxts play', () => {
  it('opens the file, runs it in the browser, and shows who ran where beside its source', async () => {
    await picture(page, 'play');
    expect(watched.errors).toEqual([]);
    expect(await page.getByRole('combobox', { name: 'Program' }).inputValue()).toBe('mine.ts');
    const view = page.getByRole('region', { name: 'mine' });
    expect(await view.getByRole('treeitem', { name: /^DSQ 7: at most \d+/ }).count()).toBe(1);
    expect(await page.getByRole('table').first().textContent()).toMatch(/hog\d+\.\d %/);
    // Lines of callbacks are warm.
    expect(await page.locator('.editor .heat').count()).toBeGreaterThan(1);
  });

  it('gives the very run that scxts sim gives', async () => {
    const run = await simulate(file, { duration: '500ms', machine: { cpus: 8 } });
    expect(await page.getByRole('region', { name: 'mine' }).textContent()).toContain(
      `#${run.hash}`,
    );
  });

  it('shows what is wrong while one types, with the way out, and keeps the last picture', async () => {
    await edit(FIFO.replace('scx_bpf_dsq_move_to_local(7, 0)', 'console.log(1)'));
    await page.waitForSelector('.problems li.error');
    expect(await page.getByRole('list', { name: 'Problems' }).textContent()).toMatch(
      /12: TS2584.*console/,
    );
    expect(await status()).toContain('not compiled');
    expect(await page.getByRole('region', { name: 'mine' }).count()).toBe(1);
    await edit(FIFO);
    await ran();
    expect(await page.locator('.problems li').count()).toBe(0);
  });

  it('follows the mouse: machine, load, kernel', async () => {
    const cpus = page.getByRole('slider', { name: 'CPUs' });
    await cpus.focus();
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowLeft');
    await page.waitForFunction(() =>
      /CPUs \(4\)/.test(document.querySelector('.labels')?.textContent ?? ''),
    );
    await page.getByRole('combobox', { name: 'Load' }).selectOption('niceness');
    await page.waitForFunction(() =>
      /nice -10/.test(document.querySelector('.compared')!.textContent),
    );
    await page.getByRole('combobox', { name: 'Kernel' }).selectOption('6.12');
    await page.waitForTimeout(300);
    await ran();
    expect(watched.errors).toEqual([]);
  });

  it('runs another scheduler beside it, and shows the same part of the time of both', async () => {
    await page.getByRole('combobox', { name: 'Compare with' }).selectOption('the kernel by itself');
    await page.waitForFunction(() => document.querySelectorAll('.view').length === 2);
    await page.locator('canvas.lanes').first().focus();
    await page.keyboard.press('w');
    const parts = await page.evaluate(() =>
      (
        globalThis as never as {
          scxtsPlay: { timelines: { state: { from: number; to: number } }[] };
        }
      ).scxtsPlay.timelines.map(({ state }) => [state.from, state.to]),
    );
    expect(parts[1]).toEqual(parts[0]);
    expect(parts[0]![1]! - parts[0]![0]!).toBeLessThan(500e6);
    await picture(page, 'play-compared');
    await page.getByRole('combobox', { name: 'Compare with' }).selectOption('nothing beside it');
    await page.waitForFunction(() => document.querySelectorAll('.view').length === 1);
  });

  it('steps through the callbacks, forward and back, with tasks and queues at that moment', async () => {
    const steps = page.getByRole('region', { name: 'Steps' });
    await steps.getByRole('button', { name: 'First callback' }).click();
    expect(await steps.textContent()).toMatch(/1 of \d+: init\(\)/);
    const seen: string[] = [];
    for (let i = 0; i < 400; i++) {
      await page.evaluate(() =>
        document.querySelector<HTMLButtonElement>('[title="The callback after"]')!.click(),
      );
      seen.push((await steps.textContent())!);
      if (/: enqueue\(\)/.test(seen.at(-1)!) && /DSQ 7\d+: /.test(seen.at(-1)!)) break;
    }
    expect(seen.at(-1)).toMatch(
      /enqueue\(\).*task.*enq_flags.*took\d+ instructions.*CPU 0 runs.*DSQ 7\d+: nice/,
    );
    await steps.getByRole('button', { name: 'The callback before' }).click();
    expect(await steps.textContent()).toBe(seen.at(-2));
    await picture(page, 'play-steps');
  });

  it('saves the file by Ctrl+S, and nothing else', async () => {
    await edit(`${FIFO}// more\n`);
    await ran();
    await page.locator('.editor .view-lines').click();
    await page.keyboard.press('Control+s');
    await page.waitForFunction(() =>
      /^saved /.test(document.querySelector('.status')!.textContent),
    );
    expect(readFileSync(file, 'utf8')).toBe(`${FIFO}// more\n`);
    const response = await fetch(`${server.url}save`, {
      ...{ method: 'POST', body: JSON.stringify({ name: 'simple.ts', text: 'x' }) },
    });
    expect(response.status).toBe(400);
  });

  it('saves one page that anyone can open, with the source in it', async () => {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: /^One HTML file/ }).click();
    const path = join(folder, 'saved.html');
    await (await download).saveAs(path);
    const { page: saved, errors, requests } = await open(browser, pathToFileURL(path).href);
    await saved.waitForSelector('[role=treeitem]');
    expect(errors).toEqual([]);
    expect(requests.filter((url) => !/^(file|data):/.test(url))).toEqual([]);
    expect(await saved.textContent('pre.source')).toBe(`${FIFO}// more\n`);
    await saved.close();
  });

  it('has all examples in its menu', async () => {
    const menu = page.getByRole('combobox', { name: 'Program' });
    const names = await menu.locator('option').allTextContents();
    expect(names).toEqual(
      expect.arrayContaining(['simple.ts', 'central.ts', 'nest.ts', 'rusty.ts']),
    );
    await menu.selectOption('central.ts');
    await page.waitForFunction(
      () => document.querySelector('.view strong')?.textContent === 'central',
    );
    expect(readFileSync(join(examples, 'central.ts'), 'utf8')).toContain('central');
  });

  it('lets nobody in without its token, by another name, or from another site', async () => {
    const { port } = new URL(server.url);
    const status = async (path: string, headers: Record<string, string> = {}): Promise<number> =>
      (await fetch(`http://127.0.0.1:${port}${path}`, { headers })).status;
    expect(await status('/')).toBe(403);
    expect(await status('/x'.repeat(30))).toBe(403);
    const { pathname } = new URL(server.url);
    expect(await status(pathname)).toBe(200);
    expect(await status(pathname, { origin: 'https://example.org' })).toBe(403);
    await expect(startPlay(undefined, Number(port))).rejects.toThrow(`port ${port} is in use`);
    await expect(startPlay('missing.ts', 0)).rejects.toThrow("there is no file 'missing.ts'");
  });

  it('says when the server is gone, and loses nothing of what was written', async () => {
    await edit(FIFO);
    await page.waitForTimeout(1500);
    await server[Symbol.asyncDispose]();
    await edit(`${FIFO}// after\n`);
    await page.waitForSelector('[role=alert]:not([hidden])');
    expect(await page.textContent('body')).toContain('scxts play does not answer');
    expect(await page.locator('.editor .view-lines').textContent()).toContain('after');
    await picture(page, 'play-lost');
  });
});
