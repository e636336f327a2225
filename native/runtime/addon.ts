import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ScxtsError } from './errors.js';

/** A map as the object file describes it. */
export interface MapDefinition {
  name: string;
  /** BPF_MAP_TYPE_* */
  type: number;
  keySize: number;
  valueSize: number;
  maxEntries: number;
  flags: number;
  /** BTF type ids in the object, 0 if none. */
  keyType: number;
  valueType: number;
  /** A data section (.bss, .rodata...) rather than a declared map. */
  internal: boolean;
  pinPath: string | null;
  /** What the values of a map of maps are. */
  inner: MapDefinition | null;
}
/** A map as the kernel has it (struct bpf_map_info). */
export interface MapInfo {
  id: number;
  name: string;
  type: number;
  keySize: number;
  valueSize: number;
  maxEntries: number;
  flags: number;
  /** Id of the struct_ops type in the kernel's BTF, 0 for other maps. */
  kernelType: number;
  /** Where the value is in the scratch memory. */
  valueOffset: number;
  /** Bytes of a value as user space reads it: all CPUs' of a per-CPU map. */
  userValueSize: number;
}
export interface NativeProgram {
  name: string;
  section: string;
  /** BPF_PROG_TYPE_* */
  type: number;
  autoload: boolean;
  instructions: number;
}
/** A program as the kernel has it (struct bpf_prog_info), subprograms included. */
export interface ProgramInfo {
  id: number;
  /** BPF instructions after the verifier has removed dead ones and expanded others. */
  instructions: number;
  /** Machine code; 0 where the JIT is off. */
  jitedBytes: number;
  /** Instructions that the verifier walked through, on all paths. */
  verifiedInstructions: number;
}
/** A BTF type; its place in the array is its id. */
export interface NativeType {
  kind: string;
  name: string;
  size: number;
  type: number;
  signed?: boolean;
  bool?: boolean;
  count?: number;
  /** Offsets in bits; `bits` is 0 unless the member is a bitfield. */
  members?: { name: string; type: number; offset: number; bits: number }[];
  values?: Record<string, bigint>;
  params?: { name: string; type: number }[];
  variables?: { type: number; offset: number; size: number }[];
  /** Of a declaration tag: the member or parameter, -1 for the whole. */
  component?: number;
}
export interface NativeLink {
  id(): number;
  destroy(): void;
  destroyAsync(): Promise<void>;
  read(): Buffer;
  readAsync(): Promise<Buffer>;
}
export interface NativeRing {
  drain(out: Uint8Array, limit: number): number;
  waiting(): [number, number];
  wait(pauseMs: number, callback: () => void): void;
  waitSync(ms: number): boolean;
  close(): void;
}
export interface NativeUserRing {
  send(bytes: Uint8Array, recordSize: number): number;
  reserve(size: number): boolean;
  submit(bytes: Uint8Array): void;
  discard(): void;
  close(): void;
}
export interface NativeMap {
  info(): MapInfo;
  fd(): number;
  scratch(): ArrayBuffer;
  get(): boolean;
  getOfTask(pid: number): boolean;
  put(flags: number): void;
  remove(): boolean;
  next(first: boolean): boolean;
  take(): boolean;
  readBatch(keys: Uint8Array, values: Uint8Array, cursor: Uint8Array, first: boolean): number;
  writeBatch(keys: Uint8Array, values: Uint8Array, count: number, flags: number): number;
  removeBatch(keys: Uint8Array, count: number): number;
  mmap(): ArrayBuffer | Uint8Array<ArrayBuffer>;
  pin(path: string): void;
  unpin(path: string): void;
  freeze(): void;
  ring(): NativeRing;
  userRing(): NativeUserRing;
  close(): void;
}
export interface NativeObject {
  maps(): MapDefinition[];
  programs(): NativeProgram[];
  types(): NativeType[];
  readInitial(map: string, offset: number, size: number): Buffer | null;
  writeInitial(map: string, offset: number, bytes: Uint8Array): void;
  setMaxEntries(map: string, entries: number): void;
  setValueSize(map: string, bytes: number): void;
  setPinPath(map: string, path: string | null): void;
  reuseMap(map: string, existing: NativeMap): void;
  setAutoload(program: string, load: boolean): void;
  setAutocreate(map: string, create: boolean): void;
  setLogLevel(level: number, program?: string): void;
  load(): string;
  loadAsync(): Promise<string>;
  programInfo(name: string): ProgramInfo;
  map(name: string): NativeMap;
  arena(map: string): { buffer: ArrayBuffer; base: bigint };
  run(program: string, context?: Uint8Array | null): number;
  runAsync(
    program: string,
    context?: Uint8Array | null,
  ): Promise<{ value: number; context: Uint8Array }>;
  attachStructOps(map: string): NativeLink;
  attachStructOpsAsync(map: string): Promise<NativeLink>;
  attachProgram(program: string, cookie: bigint): NativeLink;
  attachProgramAsync(program: string, cookie: bigint): Promise<NativeLink>;
  attachPerfEvent(
    program: string,
    type: number,
    config: number,
    frequency: number,
    cpu: number,
    cookie: bigint,
  ): NativeLink;
  close(): void;
}
export interface KernelFacts {
  /** Members by struct; null: the kernel has no such struct. */
  structs: Record<string, string[] | null>;
  enums: Record<string, Record<string, bigint> | null>;
  /** Those of the functions and typedefs asked for that exist. */
  names: string[];
}
export interface Addon {
  BpfObject: new (bytes: Uint8Array, name: string, kconfig?: string) => NativeObject;
  openPinned(path: string): NativeMap;
  mapById(id: number): NativeMap;
  /** A counter that counts from now on: a descriptor, to be closed by the caller. */
  openPerfEvent(type: number, config: bigint, cpu: number): number;
  kernelFacts(
    structs: string[],
    enums: string[],
    functions: string[],
    typedefs: string[],
  ): KernelFacts;
  kernelFactsAsync(
    structs: string[],
    enums: string[],
    functions: string[],
    typedefs: string[],
  ): Promise<KernelFacts>;
  /** struct_ops maps of the system, and links on them, whoever made them. */
  structOps(): {
    maps: { id: number; name: string; kernelType: number }[];
    links: { id: number; map: number }[];
  };
  kernelTypeName(id: number): string | null;
  pidfdOpen(pid: number): number;
  libbpfVersion: string;
}

let loaded: Addon | undefined;

/** Root of the package, from wherever this file was compiled to. */
function packageRoot(): string {
  let root = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(root, 'native', 'CMakeLists.txt')) && dirname(root) !== root)
    root = dirname(root);
  return root;
}

/** Whether this Node.js runs on glibc, which prebuilt addons are linked to. */
function hasGlibc(): boolean {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return header?.glibcVersionRuntime !== undefined;
}

/** The addon of an optional package, of which npm installs the one for the platform that it is on. */
function ofPackage(name: string): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(`${name}/scxts_native.node`);
  } catch {
    return undefined;
  }
}

/** Where the addon is: what SCXTS_ADDON names, a local build, or a prebuilt one, of this package or of the platform's. */
function findAddon(): string | undefined {
  const override = process.env['SCXTS_ADDON'];
  if (override) return override;
  const root = packageRoot();
  const local = join(root, 'native', 'build', 'Release', 'scxts_native.node');
  if (existsSync(local)) return local;
  if (!hasGlibc()) return undefined;
  const platform = `linux-${process.arch}-glibc`;
  const prebuilt = join(root, 'prebuilds', platform, 'scxts_native.node');
  return existsSync(prebuilt) ? prebuilt : ofPackage(`scxts-${platform}`);
}

const HINT =
  'build it with `npm rebuild scxts` (in a checkout: `npm run build:native`); it needs g++, cmake, make, pkg-config and libbpf-dev 1.4.2 or later. scxts doctor says how to get them here';

/**
 * Loads the addon when it is first needed: what only compiles never gets here. `SCXTS_ADDON` names
 * another build of it (tests use one with AddressSanitizer). Throws ERR_NO_ADDON.
 */
export function addon(): Addon {
  if (loaded) return loaded;
  const path = findAddon();
  if (!path)
    throw new ScxtsError('ERR_NO_ADDON', 'the native addon of scxts is not built', { hint: HINT });
  try {
    loaded = createRequire(import.meta.url)(path) as Addon;
  } catch (error) {
    throw new ScxtsError(
      'ERR_NO_ADDON',
      `cannot load the native addon ${path}: ${(error as Error).message}`,
      { hint: HINT, cause: error },
    );
  }
  return loaded;
}

/** Whether the addon can be loaded, for `scxts doctor`. */
export function addonState(): { path?: string; libbpf?: string; error?: string } {
  try {
    const { libbpfVersion } = addon();
    return { path: findAddon() ?? '', libbpf: libbpfVersion };
  } catch (error) {
    return { error: (error as Error).message };
  }
}
