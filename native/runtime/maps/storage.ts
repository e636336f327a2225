import { native, ScxtsError } from '../errors.js';
import { BpfMap } from './base.js';

/** An owner by a descriptor that the caller opened, and closes. */
export interface OpenOwner {
  fd: number;
}

/** Storage bound to kernel objects: user space names the object by a file descriptor. */
abstract class StorageMap<Owner extends string | number, V> extends BpfMap {
  /** A descriptor of the owner; not called for one that is given as { fd }. */
  protected abstract open(owner: Owner): number;

  /** The owner's value, or undefined if it has none. */
  get(owner: Owner | OpenOwner): V | undefined {
    return this.using(owner, (fd) => (this.find(fd) ? (this.readValue() as V) : undefined));
  }

  /** Makes the value if there is none. */
  set(owner: Owner | OpenOwner, value: V, flags = 0): void {
    this.using(owner, (fd) => this.store(fd, value, flags));
  }

  /** Whether the owner had a value. */
  delete(owner: Owner | OpenOwner): boolean {
    return this.using(owner, (fd) => this.remove(fd));
  }

  private using<T>(owner: Owner | OpenOwner, use: (fd: number) => T): T {
    this.check();
    if (typeof owner === 'object' && owner !== null) return use(owner.fd);
    const fd = this.open(owner);
    try {
      return use(fd);
    } finally {
      this.backend.closeOwner(fd);
    }
  }
}

/**
 * `taskStorage<V>`. A task is named by the id of a process or, since Linux 6.9, of any thread, or by a
 * pidfd that the caller opened (`{ fd }`), which cannot come to mean another process.
 */
export class TaskStorageMap<V> extends StorageMap<number, V> {
  /** ERR_NO_PROCESS if there is none. */
  override get(task: number | OpenOwner): V | undefined {
    if (typeof task === 'object') return super.get(task);
    // One call into native code for the three system calls; the view must be there before.
    const { value } = this.scratch;
    return native(() => this.handle.getOfTask(task)) ? (this.value.read(value, 0) as V) : undefined;
  }

  protected open(pid: number): number {
    return native(() => this.backend.openTask(pid));
  }
}

/**
 * `cgroupStorage<V>`, by path of the cgroup's folder, e.g. `/sys/fs/cgroup/system.slice`, or by a
 * descriptor of it that the caller opened (`{ fd }`).
 */
export class CgroupStorageMap<V> extends StorageMap<string, V> {
  /** ERR_NO_CGROUP if there is none. */
  protected open(path: string): number {
    if (typeof path !== 'string')
      throw new ScxtsError('ERR_ARGUMENT', 'a cgroup is named by its path, or by { fd }');
    try {
      return this.backend.openCgroup(path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new ScxtsError('ERR_NO_CGROUP', `cannot open the cgroup ${path}: ${code}`, {
        errno: -((error as NodeJS.ErrnoException).errno ?? 0),
        cause: error,
      });
    }
  }
}
