import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request, type RequestOptions } from 'node:http';
import { createConnection, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isOwnHost, parseAddress } from '../../cli/load/metrics-address.js';
import { PageServer } from '../../cli/load/metrics-server.js';
import { scratch } from '../util/scratch.js';

const dir = scratch('metrics');

const page = () => Promise.resolve({ type: 'text/plain; version=0.0.4', body: 'up 1\n' });
const portOf = (server: PageServer): number => Number(/:(\d+)\//.exec(server.where)![1]);

function ask(options: RequestOptions): Promise<{ status: number; body: string; allow?: string }> {
  return new Promise((resolve, reject) => {
    const asking = request({ agent: false, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (d: string) => (body += d));
      response.on('end', () =>
        resolve({
          status: response.statusCode!,
          body,
          ...(response.headers.allow ? { allow: response.headers.allow } : {}),
        }),
      );
    });
    asking.on('error', reject).end();
  });
}

describe('what is asked for', () => {
  it.each<[RequestOptions, number, string]>([
    [{ path: '/metrics' }, 200, 'up 1\n'],
    [{ path: '/metrics?x=1' }, 200, 'up 1\n'],
    [{ path: '/metrics?' }, 200, 'up 1\n'],
    [{ path: '/metrics', method: 'HEAD' }, 200, ''],
    [{ path: '/metrics', method: 'POST' }, 405, 'metrics can only be read: GET\n'],
    [{ path: '/metrics', method: 'DELETE' }, 405, 'metrics can only be read: GET\n'],
    [{ path: '/' }, 404, 'see /metrics\n'],
    [{ path: '/metricsx' }, 404, 'see /metrics\n'],
    [{ path: '//metrics' }, 404, 'see /metrics\n'],
    [{ path: '/metrics', headers: { host: 'localhost:1' } }, 200, 'up 1\n'],
    [{ path: '/metrics', headers: { host: '[::1]:1' } }, 200, 'up 1\n'],
    [{ path: '/metrics', headers: { host: 'evil.example' } }, 403, 'localhost\n'],
    [{ path: '/metrics', headers: { host: 'evil.example:80' } }, 403, 'localhost\n'],
    [{ path: '/metrics', headers: { host: '127.0.0.1.evil.example' } }, 403, 'localhost\n'],
  ])('%j: %i', async (options, status, body) => {
    const server = await PageServer.start(parseAddress('0'), page);
    try {
      const answer = await ask({ host: '127.0.0.1', port: portOf(server), ...options });
      expect(answer.status).toBe(status);
      expect(answer.body.endsWith(body)).toBe(true);
      if (status === 405) expect(answer.allow).toBe('GET, HEAD');
    } finally {
      server.close();
    }
  });

  it('a server for other machines is asked by any name', () => {
    expect(isOwnHost('box.example', { host: '0.0.0.0', port: 1 })).toBe(true);
    expect(isOwnHost(undefined, { host: '127.0.0.1', port: 1 })).toBe(false);
    expect(isOwnHost('box', { path: '/x' })).toBe(true);
  });
});

describe('clients that only take up room', () => {
  const connect = (port: number): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket = createConnection(port, '127.0.0.1', () => resolve(socket));
      socket.on('error', reject);
    });

  it('300 idle connections do not keep a scraper out, nor open files', async () => {
    const server = await PageServer.start(parseAddress('0'), page);
    const idle: Socket[] = [];
    try {
      for (let i = 0; i < 300; i++) {
        const socket = await connect(portOf(server));
        socket.on('error', () => undefined);
        idle.push(socket);
      }
      const files = readdirSync('/proc/self/fd').length;
      const answer = await ask({ host: '127.0.0.1', port: portOf(server), path: '/metrics' });
      expect(answer).toMatchObject({ status: 200, body: 'up 1\n' });
      await new Promise((resolve) => setTimeout(resolve, 100));
      // 300 of the clients', at most 64 of the server's.
      expect(idle.filter((s) => !s.destroyed && s.readyState === 'open').length).toBeLessThan(70);
      expect(readdirSync('/proc/self/fd').length).toBeLessThan(files);
    } finally {
      for (const socket of idle) socket.destroy();
      server.close();
    }
  });

  it(
    'one that says nothing, or half a request, is let go after some seconds',
    { timeout: 20_000 },
    async () => {
      const server = await PageServer.start(parseAddress('0'), page);
      const sockets = await Promise.all([connect(portOf(server)), connect(portOf(server))]);
      sockets[1]!.write('GET /metrics HTTP/1.1\r\nHost: loc');
      const started = performance.now();
      await Promise.all(
        sockets.map(
          (s) => new Promise((resolve) => s.on('error', resolve).on('close', resolve).resume()),
        ),
      );
      expect(performance.now() - started).toBeLessThan(12_000);
      server.close();
    },
  );
});

describe('a Unix socket', () => {
  const start = (path: string) => PageServer.start(parseAddress(`unix:${path}`), page);

  it('is its owner’s, and goes with the server', async () => {
    const path = join(dir, 'one');
    const server = await start(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await ask({ socketPath: path, path: '/metrics' })).toMatchObject({ status: 200 });
    server.close();
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(dir)).toEqual([]);
  });

  it('is not taken away from a process that serves it', async () => {
    const path = join(dir, 'two');
    const first = await start(path);
    await expect(start(path)).rejects.toThrow(/another process serves .*two\n {2}hint: /);
    expect(await ask({ socketPath: path, path: '/metrics' })).toMatchObject({ status: 200 });
    first.close();
  });

  it('that a killed process left behind is', async () => {
    const path = join(dir, 'three');
    // Closing would remove it: its file is given a second name, as if nobody had.
    const { linkSync } = await import('node:fs');
    const dead = createServer();
    await new Promise<void>((resolve) => dead.listen(`${path}.dead`, resolve));
    linkSync(`${path}.dead`, path);
    dead.close();
    const server = await start(path);
    expect(await ask({ socketPath: path, path: '/metrics' })).toMatchObject({ status: 200 });
    server.close();
  });

  it('of many that start at once, one has it', async () => {
    const path = join(dir, 'four');
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => start(path)));
    const won = all.flatMap((r) => (r.status === 'fulfilled' ? [r.value] : []));
    expect(won).toHaveLength(1);
    expect(await ask({ socketPath: path, path: '/metrics' })).toMatchObject({ status: 200 });
    won[0]!.close();
    expect(readdirSync(dir)).toEqual([]);
  });

  it('is nothing else that is there', async () => {
    const file = join(dir, 'file');
    writeFileSync(file, 'keep');
    mkdirSync(join(dir, 'folder'));
    await expect(start(file)).rejects.toThrow(/is there already, and no socket/);
    await expect(start(join(dir, 'folder'))).rejects.toThrow(/is there already, and no socket/);
    await expect(start(join(dir, 'none', 'x'))).rejects.toThrow(
      /cannot serve metrics at .*no such file or folder\n {2}hint: /,
    );
    rmSync(file);
    rmSync(join(dir, 'folder'), { recursive: true });
  });

  it('has a path of at most 107 bytes', async () => {
    const fits = join(dir, 'x'.repeat(106 - dir.length));
    expect(Buffer.byteLength(fits)).toBe(107);
    const server = await start(fits);
    expect(await ask({ socketPath: fits, path: '/metrics' })).toMatchObject({ status: 200 });
    server.close();
    expect(() => parseAddress(`unix:${fits}x`)).toThrow(/at most 107 bytes.*has 108\n {2}hint: /s);
  });
});

describe('an address', () => {
  it('that is taken, or none of this machine', async () => {
    const first = await PageServer.start(parseAddress('0'), page);
    await expect(PageServer.start(parseAddress(String(portOf(first))), page)).rejects.toThrow(
      /another process has this address\n {2}hint: name another port/,
    );
    first.close();
    await expect(PageServer.start(parseAddress('192.0.2.1:0'), page)).rejects.toThrow(
      /this machine has no such address/,
    );
    for (const text of ['x', '70000', 'unix:', ':', '-1'])
      expect(() => parseAddress(text)).toThrow(/--metrics takes/);
    expect(parseAddress('[::1]:9')).toEqual({ host: '::1', port: 9 });
  });
});
