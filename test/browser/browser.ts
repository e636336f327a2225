import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
/** Where pictures of each run are left to be looked at. */
export const ARTIFACTS = join(import.meta.dirname, '..', '..', '.cache', 'browser');

/** The browser of this machine. */
export function browserPath(): string {
  for (const name of NAMES)
    try {
      return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
    } catch {
      // The next one.
    }
  throw new Error('these tests need a browser: apt-get install -y chromium');
}

export async function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: browserPath(),
    args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'],
  });
}

/** A page that notes what goes wrong in it, and what it asks the network for. */
export interface Watched {
  page: Page;
  errors: string[];
  requests: string[];
}

export async function open(
  browser: Browser,
  url: string,
  { dark = false, width = 1400, height = 860 } = {},
): Promise<Watched> {
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
  });
  const errors: string[] = [];
  const requests: string[] = [];
  page.on('pageerror', (error) => errors.push(`${error.message}\n${error.stack ?? ''}`));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(url);
  return { page, errors, requests };
}

export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(ARTIFACTS, { recursive: true });
  await page.screenshot({ path: join(ARTIFACTS, `${name}.png`) });
}
