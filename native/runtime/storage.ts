import { closeSync, openSync } from 'node:fs';
import { addon } from './addon.js';
import { native, ScxtsError } from './errors.js';
import { BaseMap } from './maps.js';

/** Storage bound to kernel objects: userspace names the object by a file descriptor. */
abstract class StorageMap<Owner, V> extends BaseMap<number, V> {
  protected abstract open(owner: Owner): number;

  /** The owner's value, or undefined if it has none. */
  get(owner: Owner): V | undefined {
    return this.with(owner, (fd) =>
      this.lookup(fd) ? (this.value.read(this.valueView, 0) as V) : undefined,
    );
  }
  set(owner: Owner, value: V): void {
    this.with(owner, (fd) => this.store(fd, value, 0));
  }
  delete(owner: Owner): boolean {
    return this.with(owner, (fd) => {
      this.key.write(this.keyView, 0, fd, 'key');
      return native(() => this.host.native.delete(this.info.name, this.keyBytes));
    });
  }

  private with<T>(owner: Owner, use: (fd: number) => T): T {
    this.host.check();
    const fd = this.open(owner);
    try {
      return use(fd);
    } finally {
      closeSync(fd);
    }
  }
}

/** `taskStorage<V>`: by process id (the main thread of a process). */
export class TaskStorageMap<V> extends StorageMap<number, V> {
  protected open(pid: number): number {
    return native(() => addon().pidfdOpen(pid));
  }
}

/** `cgroupStorage<V>`: by path of the cgroup's folder, e.g. `/sys/fs/cgroup/system.slice`. */
export class CgroupStorageMap<V> extends StorageMap<string, V> {
  protected open(path: string): number {
    try {
      return openSync(path, 'r');
    } catch (error) {
      throw new ScxtsError('ERR_NO_CGROUP', `cannot open the cgroup ${path}`, { cause: error });
    }
  }
}
