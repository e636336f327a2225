import type { LoadedScheduler } from '../../native/runtime/index.js';
import type { MetricsAddress } from './metrics-address.js';
import { PageServer } from './metrics-server.js';

/** Serves what is running to Prometheus at /metrics. The scheduler may change when it restarts. */
export class MetricsServer {
  private scheduler: LoadedScheduler | undefined;
  private restarts = 0;
  private server: PageServer | undefined;

  static async start(address: MetricsAddress): Promise<MetricsServer> {
    const { Counter, Gauge, Registry } = await import('prom-client');
    const { schedExtState } = await import('../../native/runtime/index.js');
    const registry = new Registry();
    const made = new MetricsServer();
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
        // Not known where it cannot be read, as with too many files open.
        const { state } = schedExtState();
        if (scheduler && state !== undefined)
          this.set({ scheduler: scheduler.name }, state === 'enabled' ? 1 : 0);
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
    made.server = await PageServer.start(address, async () => ({
      type: registry.contentType,
      body: await registry.metrics(),
    }));
    return made;
  }

  get where(): string {
    return this.server?.where ?? '';
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
    this.server?.close();
  }
}
