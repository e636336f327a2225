// The site of `npm run site`, walked through in a browser as readers do.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { execa } from 'execa';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { out, root } from '../../docs/site/files.js';
import { launch, open } from './browser.js';

const TYPES: Readonly<Record<string, string>> = {
  ...{
    '.html': 'text/html',
    '.js': 'text/javascript',
    '.css': 'text/css',
    '.svg': 'image/svg+xml',
  },
  ...{ '.png': 'image/png', '.json': 'application/json', '.woff2': 'font/woff2' },
};
let server: Server;
let browser: Browser;
let home: string;

/** When the last of these was changed, ms. */
const changed = (folder: string, fits: RegExp): number =>
  Math.max(
    ...readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => fits.test(file))
      .map((file) => statSync(join(root, folder, file)).mtimeMs),
  );

beforeAll(async () => {
  const index = join(out, 'index.html');
  const newest = Math.max(changed('docs', /\.(md|ts|svg)$/), changed('dsl', /\.ts$/));
  if (!existsSync(index) || statSync(index).mtimeMs < newest)
    await execa('node', ['dist/cli/bin.js', 'run', 'docs/site/main.ts'], { cwd: root });
  server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    const file = [path, `${path}.html`, `${path}/index.html`]
      .map((name) => join(out, name))
      .find((name) => existsSync(name) && statSync(name).isFile());
    response.writeHead(file ? 200 : 404, {
      'content-type': TYPES[extname(file ?? '')] ?? 'text/plain',
    });
    response.end(file ? readFileSync(file) : 'no such page');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  home = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  browser = await launch();
}, 600_000);
afterAll(async () => {
  await browser.close();
  server.close();
});

const linksOn = (page: Page): Promise<string[]> =>
  page.$$eval('a[href]', (links) => links.map((link) => (link as HTMLAnchorElement).href));

describe('the site', () => {
  it('has no link that leads nowhere, and no page with an error', async () => {
    const { page } = await open(browser, home);
    const missing: string[] = [];
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      // The pages of scxts trace are files of their own, and have no icon.
      if (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico'))
        errors.push(`${message.text()} ${message.location().url}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) missing.push(`${response.status()} ${response.url()}`);
    });
    const plain = (url: string): string => url.split('#')[0]!;
    const found = new Map([[home, 'where it begins']]);
    const seen = new Set<string>();
    for (let next = [...found.keys()]; next.length > 0;) {
      for (const url of next) {
        seen.add(url);
        await page.goto(url, { waitUntil: 'domcontentloaded' });
        for (const link of await linksOn(page))
          if (link.startsWith(home) && !found.has(plain(link))) found.set(plain(link), url);
      }
      next = [...found.keys()].filter((url) => !seen.has(url));
    }
    expect(missing).toEqual([]);
    expect(errors).toEqual([]);
    expect(seen.size).toBeGreaterThan(120);
    await page.close();
  }, 300_000);

  it('finds what one searches for', async () => {
    const { page, errors } = await open(browser, home);
    await page
      .getByRole('button', { name: /search/i })
      .first()
      .click();
    await page.keyboard.type('scx_bpf_dsq_insert_vtime');
    const first = page.locator('.VPLocalSearchBox .result').first();
    await first.waitFor();
    expect(await first.getAttribute('href')).toMatch(/scxts|fairness|language/);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname !== '/');
    expect(errors).toEqual([]);
    await page.close();
  });

  it('shows pictures, and traces that can be looked into', async () => {
    const { page, errors } = await open(browser, `${home}guide/03-callbacks.html`);
    const widths = await page.$$eval('.vp-doc img', (images) =>
      images.map((image) => (image as HTMLImageElement).naturalWidth),
    );
    expect(widths.length).toBe(2);
    for (const width of widths) expect(width).toBeGreaterThan(100);
    await page.goto(`${home}traces.html`);
    const frame = page.frameLocator('iframe').first();
    await frame.locator('body').waitFor();
    expect((await frame.locator('body').innerText()).length).toBeGreaterThan(50);
    expect(errors).toEqual([]);
    await page.close();
  });
});
