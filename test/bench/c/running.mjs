// One side of a comparison while it schedules: loaded and attached by this process, or by a userspace half of its own.
import { start, until } from '../../vm/guest-tools.mjs';

export class InThisProcess {
  constructor(open) {
    this.loaded = open.load({ onWarning: () => undefined });
    try {
      this.link = this.loaded.attach();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get over() {
    return !this.link.attached;
  }

  /** Why it does not schedule any more. */
  get why() {
    return this.link.exit?.message ?? '';
  }

  detach() {
    this.link.detach();
  }

  close() {
    this.loaded.close();
  }
}

export class InOwnProcess {
  over = false;

  constructor(command, cpus) {
    // On all CPUs: this process keeps to the first.
    const every = (2 ** cpus - 1).toString(16);
    this.process = start('taskset', [every, ...command]);
    this.process.ended.then(() => (this.over = true));
  }

  /** The end of what it said. */
  get why() {
    const { stdout, stderr } = this.process.out;
    return (stderr || stdout).trim().slice(-500);
  }

  async detach() {
    this.process.child.kill('SIGINT');
    if (!(await until(() => this.over))) throw new Error('SIGINT does not end it');
  }

  close() {
    this.process.child.kill('SIGKILL');
  }
}
