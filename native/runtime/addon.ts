import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ScxtsError } from './errors.js';

export interface NativeMap {
  name: string;
  /** BPF_MAP_TYPE_* */
  type: number;
  keySize: number;
  valueSize: number;
  maxEntries: number;
  flags: number;
  /** BTF type ids, 0 if none. */
  keyType: number;
  valueType: number;
}
export interface NativeProgram {
  name: string;
  section: string;
  autoload: boolean;
  instructions: number;
}
export interface NativeType {
  kind: string;
  name: string;
  size: number;
  type: number;
  signed?: boolean;
  bool?: boolean;
  count?: number;
  members?: { name: string; type: number; offset: number; bits: number }[];
  params?: { name: string; type: number }[];
  variables?: { type: number; offset: number; size: number }[];
  component?: number;
}
export interface NativeLink {
  destroy(): void;
}
export interface NativeObject {
  maps(): NativeMap[];
  programs(): NativeProgram[];
  types(): NativeType[];
  readInitial(map: string): Buffer | null;
  writeInitial(map: string, offset: number, bytes: Uint8Array): void;
  setMaxEntries(map: string, entries: number): void;
  setValueSize(map: string, bytes: number): void;
  setAutoload(program: string, load: boolean): void;
  setAutocreate(map: string, create: boolean): void;
  load(): string;
  lookup(map: string, key: Uint8Array, out: Uint8Array): boolean;
  update(map: string, key: Uint8Array, value: Uint8Array, flags?: number): void;
  delete(map: string, key: Uint8Array): boolean;
  nextKey(map: string, key: Uint8Array | null, out: Uint8Array): boolean;
  pop(map: string, out: Uint8Array): boolean;
  mmap(map: string): ArrayBuffer;
  run(program: string, context?: Uint8Array): number;
  attachStructOps(map: string): NativeLink;
  attachProgram(program: string): NativeLink;
  drain(map: string): Buffer;
  close(): void;
}
interface Addon {
  BpfObject: new (source: string | Uint8Array) => NativeObject;
  kernelStruct(name: string): string[] | null;
  kernelEnum(name: string): Record<string, bigint> | null;
  possibleCpus(): number;
  pidfdOpen(pid: number): number;
  libbpfVersion: string;
}

let loaded: Addon | undefined;

/** Places where the addon may be: a local build, or a prebuilt one of the package. */
function candidates(root: string): string[] {
  return [
    join(root, 'native', 'build', 'Release', 'scxts_native.node'),
    join(root, 'native', 'prebuilds', `linux-${process.arch}`, 'scxts_native.node'),
  ];
}

/** Loads the addon when it is first needed: what only compiles never gets here. */
export function addon(): Addon {
  if (loaded) return loaded;
  let root = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(root, 'native', 'CMakeLists.txt')) && dirname(root) !== root)
    root = dirname(root);
  const path = candidates(root).find((p) => existsSync(p));
  const hint =
    'build it with `npm run build:native` in the scxts package (needs libbpf-dev 1.4.2 or later, cmake and g++; .ci/setup installs them)';
  if (!path)
    throw new ScxtsError('ERR_NO_ADDON', 'the native addon of scxts is not built', { hint });
  try {
    loaded = createRequire(import.meta.url)(path) as Addon;
  } catch (error) {
    throw new ScxtsError(
      'ERR_NO_ADDON',
      `cannot load the native addon: ${(error as Error).message}`,
      { hint, cause: error },
    );
  }
  return loaded;
}
