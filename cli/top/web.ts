import type { ServerResponse } from 'node:http';
import { bundleOf } from '../view/bundle.js';
import { LocalServer } from '../view/local-server.js';
import { pageOf } from '../view/page-text.js';
import type { Snapshot } from './snapshot.js';

/** The live view for browsers of this machine: a page, and a stream of snapshots. */
export class TopWeb implements AsyncDisposable {
  private readonly open = new Set<ServerResponse>();
  private last = '';

  private constructor(readonly server: LocalServer) {}

  static async start(port: number): Promise<TopWeb> {
    const server = await LocalServer.start(port, async (path, _body, response) => {
      if (path === '') {
        const { script, style } = await bundleOf('top');
        const head = '<link rel="icon" href="data:,">';
        return {
          type: 'text/html; charset=utf-8',
          body: pageOf('scxts top', style, script, '', head),
        };
      }
      if (path !== 'live') return undefined;
      web.stream(response);
      return 'open';
    });
    const web = new TopWeb(server);
    return web;
  }

  private stream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    this.open.add(response);
    response.on('close', () => this.open.delete(response));
    response.write(this.last || ': listening\n\n');
  }

  show(snapshot: Snapshot): void {
    this.last = `data: ${JSON.stringify(snapshot)}\n\n`;
    for (const response of this.open) {
      // A browser that does not keep up gets the next one.
      if (!response.writableNeedDrain) response.write(this.last);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const response of this.open) response.end();
    await this.server[Symbol.asyncDispose]();
  }
}
