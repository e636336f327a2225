import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TopWeb } from '../../cli/top/web.js';
import type { Snapshot } from '../../cli/top/snapshot.js';
import { launch, open, picture, type Watched } from './browser.js';

const snapshot = (busy: number): Snapshot => ({
  ...{ scheduler: 'simple', kernel: '7.3', span: 1e9, switches: 1200, wakeups: 400, dropped: 0 },
  cost: 0.011,
  cpus: [0, 1].map((id) => ({
    ...{ id, busy, runs: id === 0 ? 'hog' : '', waiting: 2 * id, history: [0.1, 0.5, busy] },
  })),
  tasks: [
    {
      pid: 11,
      name: 'hog',
      process: 11,
      share: 0.9,
      p50: 1e6,
      p99: 3e6,
      waits: 9,
      waiting: 0,
      migrations: 1,
    },
    {
      pid: 12,
      name: 'web',
      process: 12,
      share: 0.1,
      p50: 5e4,
      p99: 9e6,
      waits: 90,
      waiting: 2e6,
      migrations: 4,
    },
  ],
  queues: [{ name: 'DSQ 0', length: 2, most: 7 }],
  events: [{ name: 'SCX_EV_ENQ_SKIP_EXITING', total: 40, rate: 4, rates: [0, 2, 4] }],
});

let browser: Browser;
let web: TopWeb;
let watched: Watched;
let page: Page;
beforeAll(async () => {
  browser = await launch();
  web = await TopWeb.start(0);
  watched = await open(browser, web.server.url);
  page = watched.page;
  web.show(snapshot(0.42));
  await page.waitForSelector('.cpu');
});
afterAll(() => browser.close());

describe('scxts top --web', () => {
  const rows = (name: string): Promise<string[]> =>
    page.getByRole('table', { name }).getByRole('row').allTextContents();

  it('shows CPUs, tasks, queues and events, and what comes next', async () => {
    expect(await page.getByRole('img', { name: 'CPU 1: 42 % busy' }).count()).toBe(1);
    expect(await page.textContent('header')).toMatch(/simple.*1200 switches.*costs 1\.1 %/);
    expect(await rows('Dispatch queues')).toContain('DSQ 027');
    expect((await rows('Kernel events'))[1]).toContain('SCX_EV_ENQ_SKIP_EXITING440');
    web.show(snapshot(0.77));
    await page.getByRole('img', { name: 'CPU 1: 77 % busy' }).waitFor();
    await picture(page, 'top-web');
    expect(watched.errors).toEqual([]);
  });

  it('sorts and filters', async () => {
    expect((await rows('Tasks'))[1]).toMatch(/^hog 11/);
    await page.getByRole('button', { name: 'by wait p99' }).click();
    expect((await rows('Tasks'))[1]).toMatch(/^web 12/);
    await page.getByRole('searchbox', { name: 'Filter tasks' }).fill('hog');
    expect(await rows('Tasks')).toHaveLength(2);
  });

  it('says when it is gone, and keeps what it told', async () => {
    await web[Symbol.asyncDispose]();
    await page.waitForSelector('[role=alert]:not([hidden])');
    expect(await page.textContent('body')).toContain('scxts top does not answer');
    expect((await rows('Tasks'))[1]).toMatch(/^hog 11/);
  });
});
