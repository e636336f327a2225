import { closeSync, openSync } from 'node:fs';
import { addon } from '../addon.js';
import { native, ScxtsError } from '../errors.js';
import { BpfMap } from './base.js';

/** Storage bound to kernel objects: user space names the object by a file descriptor. */
abstract class StorageMap<Owner, V> extends BpfMap {
  /** A descriptor of the owner. */
  protected abstract open(owner: Owner): number;

  /** The owner's value, or undefined if it has none. */
  get(owner: Owner): V | undefined {
    return this.using(owner, (fd) => (this.find(fd) ? (this.readValue() as V) : undefined));
  }

  /** Makes the value if there is none. */
  set(owner: Owner, value: V, flags = 0): void {
    this.using(owner, (fd) => this.store(fd, value, flags));
  }

  /** Whether the owner had a value. */
  delete(owner: Owner): boolean {
    return this.using(owner, (fd) => this.remove(fd));
  }

  private using<T>(owner: Owner, use: (fd: number) => T): T {
    this.check();
    const fd = this.open(owner);
    try {
      return use(fd);
    } finally {
      closeSync(fd);
    }
  }
}

/** `taskStorage<V>`, by the id of a process or, since Linux 6.9, of any thread. */
export class TaskStorageMap<V> extends StorageMap<number, V> {
  /** ERR_NO_PROCESS if there is none. */
  protected open(pid: number): number {
    return native(() => addon().pidfdOpen(pid));
  }
}

/** `cgroupStorage<V>`, by path of the cgroup's folder, e.g. `/sys/fs/cgroup/system.slice`. */
export class CgroupStorageMap<V> extends StorageMap<string, V> {
  /** ERR_NO_CGROUP if there is none. */
  protected open(path: string): number {
    try {
      return openSync(path, 'r');
    } catch (error) {
      throw new ScxtsError('ERR_NO_CGROUP', `cannot open the cgroup ${path}`, { cause: error });
    }
  }
}
