import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The largest body of a request, bytes. */
const MOST_BODY = 8 * 1024 * 1024;

export interface Answer {
  type: string;
  body: string | Uint8Array;
  status?: number;
}

/** Answers a path, without the token; undefined: there is no such page. */
export type Route = (
  path: string,
  body: () => Promise<string>,
  response: ServerResponse,
) => Promise<Answer | 'open' | undefined>;

export const jsonAnswer = (value: unknown, status = 200): Answer => ({
  ...{ type: 'application/json', body: JSON.stringify(value), status },
});

/**
 * Pages for the browsers of this machine and this user: on the loopback address alone, below a path with a token, for requests
 * that name this server as their host and come from no other site.
 */
export class LocalServer implements AsyncDisposable {
  private readonly token = randomBytes(18).toString('base64url');

  private constructor(
    private readonly server: Server,
    private readonly route: Route,
  ) {}

  /** `port` 0: one that is free. Throws with what to do where the port is taken. */
  static async start(port: number, route: Route): Promise<LocalServer> {
    const server = createServer((request, response) => void made.answer(request, response));
    const made = new LocalServer(server, route);
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => reject(refused(error, port)));
      server.listen({ port, host: '127.0.0.1' }, resolve);
    });
    return made;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/${this.token}/`;
  }

  private get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  private allows(request: IncomingMessage): boolean {
    const { host, origin } = request.headers;
    // A name that somebody made resolve to this address is not this server's.
    if (host !== `127.0.0.1:${this.port}` && host !== `localhost:${this.port}`) return false;
    if (origin !== undefined && origin !== `http://${host}`) return false;
    const given = Buffer.from((request.url ?? '').split('/')[1] ?? '');
    const wanted = Buffer.from(this.token);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = ({ type, body, status = 200 }: Answer): void => {
      response.writeHead(status, {
        ...{
          'content-type': type,
          'cache-control': 'no-store',
          'x-content-type-options': 'nosniff',
        },
        ...{ 'referrer-policy': 'no-referrer', 'x-frame-options': 'DENY' },
      });
      response.end(body);
    };
    if (!this.allows(request))
      return send({
        ...{ type: 'text/plain', status: 403 },
        body: 'This is not the address that scxts printed: it has a token in it.\n',
      });
    try {
      const path = decodeURIComponent((request.url ?? '').replace(/^\/[^/]*\//, ''));
      const answer = await this.route(path, () => bodyOf(request), response);
      if (answer === 'open') return;
      send(answer ?? { type: 'text/plain', status: 404, body: 'There is no such page.\n' });
    } catch (error) {
      if (!response.headersSent) send(jsonAnswer({ error: (error as Error).message }, 400));
      else response.end();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MOST_BODY) throw new Error(`a request may have ${MOST_BODY} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function refused(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') return error;
  const what = error.code === 'EACCES' ? 'may not be used' : 'is in use';
  return Object.assign(new Error(`port ${port} ${what}`), {
    hint: 'name another one, or none: one that is free is taken then',
  });
}

/** A port of the command line; undefined: any that is free. */
export function portOf(text: string | undefined, flag: string): number {
  if (text === undefined) return 0;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw Object.assign(new Error(`${flag} takes a port from 1 to 65535, not '${text}'`), {
    hint: 'leave it out: a port that is free is taken then',
  });
}
