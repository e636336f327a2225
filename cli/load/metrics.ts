import { chmodSync, existsSync, lstatSync, unlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { LoadedScheduler } from '../../native/runtime/index.js';

/** Where metrics are served: a Unix socket, or an address that is this machine's own by default. */
export type MetricsAddress = { path: string } | { host: string; port: number };

export function parseAddress(text: string): MetricsAddress {
  if (text.startsWith('unix:') && text.length > 5) return { path: text.slice(5) };
  const [, host, digits] = /^(?:(.*):)?(\d+)$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65535)
    throw new Error(`--metrics takes PORT, HOST:PORT or unix:PATH, not '${text}'`);
  return { host: host?.replace(/^\[|\]$/g, '') || '127.0.0.1', port };
}

/** Serves what is running to Prometheus at /metrics. The scheduler may change when it restarts. */
export class MetricsServer {
  private scheduler: LoadedScheduler | undefined;
  private restarts = 0;

  private constructor(
    private readonly server: Server,
    private readonly address: MetricsAddress,
  ) {}

  static async start(address: MetricsAddress): Promise<MetricsServer> {
    const { Counter, Gauge, Registry } = await import('prom-client');
    const { schedExtState } = await import('../../native/runtime/index.js');
    const registry = new Registry();
    const server = createServer();
    const made = new MetricsServer(server, address);
    const labels = ['scheduler', 'counter'] as const;
    new Counter({
      name: 'scxts_counter_total',
      help: 'Counters of the scheduler',
      labelNames: labels,
      registers: [registry],
      collect() {
        this.reset();
        const { scheduler } = made;
        if (!scheduler) return;
        for (const [counter, value] of Object.entries<bigint>(scheduler.readCounters()))
          this.inc({ scheduler: scheduler.name, counter }, Number(value));
      },
    });
    new Counter({
      name: 'sched_ext_event_total',
      help: "The kernel's sched_ext events since the scheduler was enabled",
      labelNames: ['event'] as const,
      registers: [registry],
      collect() {
        this.reset();
        for (const [event, value] of Object.entries(schedExtState().events))
          this.inc({ event }, Math.max(0, Number(value)));
      },
    });
    new Gauge({
      name: 'sched_ext_enabled',
      help: 'Whether this scheduler is the one that schedules',
      labelNames: ['scheduler'] as const,
      registers: [registry],
      collect() {
        this.reset();
        const { scheduler } = made;
        if (scheduler)
          this.set({ scheduler: scheduler.name }, schedExtState().state === 'enabled' ? 1 : 0);
      },
    });
    new Gauge({
      name: 'scxts_restarts',
      help: 'How often the kernel asked to load it again',
      registers: [registry],
      collect() {
        this.set(made.restarts);
      },
    });
    server.on('request', (request, response) => {
      if (request.url !== '/metrics') {
        response.writeHead(404).end('see /metrics\n');
        return;
      }
      registry.metrics().then(
        (body) => response.writeHead(200, { 'content-type': registry.contentType }).end(body),
        (error: unknown) => response.writeHead(500).end(`${String(error)}\n`),
      );
    });
    await made.listen();
    return made;
  }

  private async listen(): Promise<void> {
    const { address, server } = this;
    // A socket that a killed process left behind; nothing else is removed.
    if ('path' in address && existsSync(address.path) && lstatSync(address.path).isSocket())
      unlinkSync(address.path);
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) =>
        reject(new Error(`cannot serve metrics: ${error.message}`, { cause: error })),
      );
      server.listen('path' in address ? { path: address.path } : address, resolve);
    });
    if ('path' in address) chmodSync(address.path, 0o600);
  }

  show(scheduler: LoadedScheduler, restarts: number): void {
    this.scheduler = scheduler;
    this.restarts = restarts;
  }

  /** Between two schedulers there is nothing to show. */
  hide(): void {
    this.scheduler = undefined;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
