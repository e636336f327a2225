import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { systemRefusal } from '../../codegen/files/system-error.js';
import { isOwnHost, type MetricsAddress } from './metrics-address.js';
import { listenOn } from './metrics-socket.js';

/** Connections at once: a scraper needs one. Another one ends that which has been idle for the longest. */
const MOST_CONNECTIONS = 64;
/** For the head of a request, for all of it, for a connection on which nothing goes on, in ms. */
const PATIENCE_MS = 5000;

/** What is served, and as what. */
export interface Page {
  type: string;
  body: string;
}

/** A small HTTP server for one page, /metrics. What its clients do or do not do costs the scheduler's process next to nothing. */
export class PageServer {
  private readonly server: Server;
  private readonly connections = new Set<Socket>();
  private remove: () => void = () => undefined;

  private constructor(
    private readonly address: MetricsAddress,
    private readonly page: () => Promise<Page>,
  ) {
    this.server = createServer({ connectionsCheckingInterval: 1000 }, (request, response) =>
      this.answer(request, response),
    );
    this.server.headersTimeout = PATIENCE_MS;
    this.server.requestTimeout = PATIENCE_MS;
    this.server.keepAliveTimeout = PATIENCE_MS;
    this.server.timeout = PATIENCE_MS;
    this.server.on('connection', (socket: Socket) => this.admit(socket));
  }

  static async start(address: MetricsAddress, page: () => Promise<Page>): Promise<PageServer> {
    const made = new PageServer(address, page);
    await made.listen();
    // A connection that could not be accepted, since too many files are open: the next one may be.
    made.server.on('error', () => undefined);
    return made;
  }

  /** For people: the port may have been chosen by the kernel. */
  get where(): string {
    if ('path' in this.address) return `unix:${this.address.path}`;
    const { address, port, family } = this.server.address() as AddressInfo;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/metrics`;
  }

  private async listen(): Promise<void> {
    const { server, address } = this;
    if ('path' in address) {
      try {
        this.remove = await listenOn(server, address.path);
      } catch (error) {
        throw refused(error, address.path);
      }
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const fail = (error: Error): void =>
        reject(refused(error, `${address.host}:${address.port}`));
      server.once('error', fail);
      server.listen(address, () => {
        server.off('error', fail);
        resolve();
      });
    });
  }

  private admit(socket: Socket): void {
    const { connections } = this;
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
    // Those that came first are first in the set.
    if (connections.size > MOST_CONNECTIONS) connections.values().next().value?.destroy();
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    // It is in use: the last one to be ended.
    if (this.connections.delete(socket)) this.connections.add(socket);
    // A query says nothing here, and is no other page.
    const path = request.url?.split(/[?#]/)[0];
    if (!isOwnHost(request.headers.host, this.address))
      return refuse(response, 403, 'this server is for this machine: ask for it as localhost\n');
    if (path !== '/metrics') return refuse(response, 404, 'see /metrics\n');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return refuse(response, 405, 'metrics can only be read: GET\n');
    }
    this.page().then(
      ({ type, body }) => {
        response.writeHead(200, {
          'content-type': type,
          'content-length': Buffer.byteLength(body),
        });
        response.end(request.method === 'HEAD' ? undefined : body);
      },
      (error: unknown) => refuse(response, 500, `${String(error)}\n`),
    );
  }

  close(): void {
    this.remove();
    this.server.closeAllConnections();
    this.server.close();
  }
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
}

const WHY: Record<string, readonly [string, string]> = {
  EADDRINUSE: ['another process has this address', 'name another port; 0 is any'],
  EADDRNOTAVAIL: ['this machine has no such address', 'name one that it has (ip address)'],
  ENOTFOUND: ['there is no such host', 'name an address of this machine'],
  EAI_AGAIN: ['the name cannot be looked up', 'name an address of this machine'],
};

function refused(error: unknown, where: string): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return error as Error;
  const [why, remedy] = WHY[code] ?? [
    systemRefusal(error)?.message.replace(/^.*?: /, '') ?? message,
    systemRefusal(error)?.hint ?? 'name another place',
  ];
  return new Error(`cannot serve metrics at ${where}: ${why}\n  hint: ${remedy}`, { cause: error });
}
