// examples/nest-energy.ts: nest while the signal of components/energy says pack, any idle CPU while it says spread. The
// signal is the very one of the component, of a machine without an energy model: with one it always says pack.
import { PackSignal } from '../../../components/energy/pack.js';
import type { Cpu } from '../machine.js';
import type { Simulation, Task } from '../simulation.js';
import { NestPolicy } from './nest.js';

const LOOK_US = 250_000;

export class NestEnergyPolicy extends NestPolicy {
  /** Looks at the machine that said pack, and spread. */
  readonly looks = { pack: 0, spread: 0 };
  private packing = false;
  private looking = false;
  private readonly signal = new PackSignal();

  override enqueue(sim: Simulation, task: Task, wakeup: boolean): void {
    if (!this.looking) {
      this.looking = true;
      sim.at(sim.now + LOOK_US, () => this.look(sim));
    }
    super.enqueue(sim, task, wakeup);
  }

  protected override select(sim: Simulation, task: Task): Cpu | undefined {
    return this.packing ? super.select(sim, task) : this.idle.pick(sim.cpus);
  }

  private look(sim: Simulation): void {
    sim.at(sim.now + LOOK_US, () => this.look(sim));
    const busy = sim.cpus.map((cpu) => {
      cpu.advance(sim.now);
      // Nothing is known of capacities: a CPU at its own fastest does all that it can.
      return cpu.util / cpu.capacity;
    });
    const { pack } = this.signal.update({
      utilisation: busy.reduce((a, b) => a + b, 0) / busy.length,
      waiting: this.shared.length / busy.length,
    });
    this.packing = pack;
    this.looks[pack ? 'pack' : 'spread']++;
  }
}
