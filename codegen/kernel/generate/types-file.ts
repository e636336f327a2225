import { existsSync, statSync } from 'node:fs';
import { release } from 'node:os';
import { basename, join } from 'node:path';
import { makeFolder } from '../../../native/runtime/make-folder.js';
import { writeWhole } from '../../../native/runtime/write-whole.js';
import { readKernelImage } from '../../toolchain/btf/image.js';
import { parseBtf, type BtfType } from '../../toolchain/btf/parse.js';
import { indexTypes, vmlinuxDeclarations } from './vmlinux.js';

export interface TypesOptions {
  /** Raw BTF, a vmlinux or a bzImage; the running kernel's BTF by default. */
  btf?: string | undefined;
  /** Folder for vmlinux.d.ts; it is made where there is none. */
  out: string;
  /** Structs to declare beside those that scxts/vmlinux has. */
  structs?: readonly string[];
}

export interface TypesResult {
  path: string;
  bytes: number;
  interfaces: number;
  source: string;
}

const RUNNING = '/sys/kernel/btf/vmlinux';

/** A reason to stop that the user can act on. */
export class TypesError extends Error {
  constructor(
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}

/** Writes DIR/vmlinux.d.ts from one kernel's BTF, whole or not at all. */
export function writeTypes(options: TypesOptions): TypesResult {
  const file = options.btf ?? RUNNING;
  const types = readTypes(file, options.btf === undefined);
  const structs = [...new Set(options.structs ?? [])];
  const kernel = indexTypes(options.btf === undefined ? release() : basename(file), types);
  const unknown = structs.filter((s) => !kernel.byName.has(s));
  if (unknown.length)
    throw new TypesError(
      `${file} has no struct ${unknown.join(', ')}${near(unknown[0]!, kernel.byName.keys())}`,
      'names are those of the kernel, without "struct"; types of modules are in /sys/kernel/btf/MODULE, not in the kernel itself',
    );
  const text = vmlinuxDeclarations([kernel], { more: structs, from: 'scxts', source: file });
  const { out } = options;
  if (existsSync(out) && !statSync(out).isDirectory())
    throw new TypesError(`${out} is not a folder`, '--out names the folder that gets vmlinux.d.ts');
  makeFolder(out);
  const path = join(out, 'vmlinux.d.ts');
  writeWhole(path, text);
  const interfaces = text.match(/^export interface /gm)?.length ?? 0;
  return { path, bytes: Buffer.byteLength(text), interfaces, source: file };
}

function readTypes(file: string, running: boolean): BtfType[] {
  if (!existsSync(file))
    throw running
      ? new TypesError(
          `the running kernel has no ${file}`,
          'it was built without CONFIG_DEBUG_INFO_BTF: give another kernel with --btf, e.g. --btf /boot/vmlinuz-VERSION',
        )
      : new TypesError(`there is no file ${file}`, 'give raw BTF, a vmlinux or a vmlinuz');
  if (statSync(file).isDirectory())
    throw new TypesError(`${file} is a folder`, 'give raw BTF, a vmlinux or a vmlinuz');
  let types: BtfType[];
  try {
    types = parseBtf(readKernelImage(file).btf);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM')
      throw new TypesError(`${file} may not be read`, 'read it as root, or give a copy of it');
    const known = message.startsWith(file) ? message : `${file}: ${message}`;
    throw new TypesError(
      known,
      'give /sys/kernel/btf/vmlinux, or a vmlinux or vmlinuz of a kernel built with CONFIG_DEBUG_INFO_BTF',
    );
  }
  const task = types.find((t) => t.kind === 'struct' && t.name === 'task_struct');
  // Programs declare some fields of it; a kernel has two hundred.
  if ((task?.members?.length ?? 0) < 50)
    throw new TypesError(
      `${file} has BTF, but not that of a kernel: struct task_struct is ${task ? 'not whole' : 'not there'}`,
      isSplit(file)
        ? 'the BTF of a module says only what the module adds: give /sys/kernel/btf/vmlinux'
        : 'object files have BTF of their own: give that of the kernel',
    );
  return types;
}

/** Files in /sys/kernel/btf other than vmlinux are of modules. */
function isSplit(file: string): boolean {
  return file.startsWith('/sys/kernel/btf/') || file.endsWith('.ko');
}

function near(name: string, names: Iterable<string>): string {
  const wanted = name.toLowerCase();
  const found = [...names]
    .filter((n) => n.toLowerCase().includes(wanted) || wanted.includes(n.toLowerCase()))
    .filter((n) => Math.abs(n.length - name.length) <= 6)
    .sort((a, b) => Math.abs(a.length - name.length) - Math.abs(b.length - name.length))
    .slice(0, 3);
  return found.length ? ` (it has ${found.join(', ')})` : '';
}
