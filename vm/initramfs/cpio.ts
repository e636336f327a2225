import { closeSync, openSync, readSync, writeSync } from 'node:fs';

interface Entry {
  path: string;
  mode: number;
  data?: Buffer | undefined;
}

const DIRECTORY = 0o040000;
const FILE = 0o100000;
const SYMLINK = 0o120000;

/**
 * Writes a cpio archive of the kind the kernel unpacks ("newc"), straight to a file descriptor.
 * Folders above an entry are written before it; a path that is there already is left alone.
 */
export class CpioWriter {
  readonly #seen = new Set<string>();
  #inode = 1;
  #size = 0;

  constructor(readonly fd: number) {}

  get size(): number {
    return this.#size;
  }

  has(path: string): boolean {
    return this.#seen.has(relative(path));
  }

  folder(path: string, mode = 0o755): void {
    const name = relative(path);
    if (name === '' || this.#seen.has(name)) return;
    this.#parents(name);
    this.#entry({ path: name, mode: DIRECTORY | mode });
  }

  text(path: string, text: string, mode = 0o644): void {
    this.#add({ path, mode: FILE | mode, data: Buffer.from(text) });
  }

  symlink(path: string, target: string): void {
    this.#add({ path, mode: SYMLINK | 0o777, data: Buffer.from(target) });
  }

  /** Copies a file of the host. Its size is what the header promises, should it change meanwhile. */
  file(path: string, source: string, size: number, mode: number): void {
    const name = relative(path);
    if (this.#seen.has(name)) return;
    this.#parents(name);
    const input = openSync(source, 'r');
    try {
      this.#header(name, FILE | (mode & 0o7777), size);
      const buffer = Buffer.alloc(Math.min(size, 1 << 20));
      for (let left = size; left > 0;) {
        const length = readSync(input, buffer, 0, Math.min(buffer.length, left), null);
        if (length === 0) buffer.fill(0);
        const count = length === 0 ? Math.min(buffer.length, left) : length;
        this.#write(buffer.subarray(0, count));
        left -= count;
      }
      this.#pad();
    } finally {
      closeSync(input);
    }
  }

  end(): void {
    this.#header('TRAILER!!!', 0, 0);
    // The kernel looks for a following archive at the next multiple of 4; 512 is customary.
    this.#write(Buffer.alloc((512 - (this.#size % 512)) % 512));
  }

  #add(entry: Entry): void {
    const name = relative(entry.path);
    if (this.#seen.has(name)) return;
    this.#parents(name);
    this.#entry({ ...entry, path: name });
  }

  #parents(name: string): void {
    for (let at = name.indexOf('/'); at > 0; at = name.indexOf('/', at + 1)) {
      const parent = name.slice(0, at);
      if (!this.#seen.has(parent)) this.#entry({ path: parent, mode: DIRECTORY | 0o755 });
    }
  }

  #entry({ path, mode, data }: Entry): void {
    this.#header(path, mode, data?.length ?? 0);
    if (data) this.#write(data);
    this.#pad();
  }

  #header(name: string, mode: number, size: number): void {
    this.#seen.add(name);
    const bytes = Buffer.from(`${name}\0`);
    const fields = [this.#inode++, mode, 0, 0, 1, 0, size, 0, 0, 0, 0, bytes.length, 0];
    const head = '070701' + fields.map((n) => n.toString(16).padStart(8, '0')).join('');
    this.#write(Buffer.concat([Buffer.from(head), bytes]));
    this.#pad();
  }

  #pad(): void {
    this.#write(Buffer.alloc((4 - (this.#size % 4)) % 4));
  }

  #write(data: Buffer): void {
    for (let at = 0; at < data.length;) at += writeSync(this.fd, data, at);
    this.#size += data.length;
  }
}

function relative(path: string): string {
  return path.replace(/^\/+/, '').replace(/\/+$/, '');
}
