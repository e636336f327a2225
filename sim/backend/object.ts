import type {
  MapDefinition,
  NativeLink,
  NativeMap,
  NativeObject,
  NativeProgram,
  NativeType,
  ProgramInfo,
} from '../../native/runtime/addon.js';
import { SimError } from '../errors.js';
import { OpenedObject, type LoadedObject } from '../object/open.js';
import { nativeMaps, nativeTypes } from './describe.js';
import { BackendError } from './errors.js';
import { ModelMap } from './map.js';
import { SectionMap } from './section.js';
import type { ModelMachine, Stoppable } from './types.js';

const PROGRAM_TYPES: readonly [RegExp, number][] = [
  [/^struct_ops/, 27],
  [/^syscall/, 31],
  [/^(tp|tracepoint)\//, 5],
  [/^(kprobe|kretprobe)\//, 2],
  [/^perf_event/, 7],
];
const TRACING = 26;

let links = 0;

class ModelLink implements NativeLink {
  private readonly number = ++links;
  private running: Stoppable | undefined;
  constructor(running: Stoppable) {
    this.running = running;
  }
  id(): number {
    return this.number;
  }
  destroy(): void {
    const { running } = this;
    this.running = undefined;
    running?.stop();
  }
  destroyAsync(): Promise<void> {
    return Promise.resolve(this.destroy());
  }
  read(): Buffer {
    throw new BackendError('ERR_ITER', 95, 'the model has no iterator programs');
  }
  readAsync(): Promise<Buffer> {
    return Promise.reject(new BackendError('ERR_ITER', 95, 'the model has no iterator programs'));
  }
}

/** Turns what the model says into what the addon would throw. */
function failing<T>(code: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof SimError)) throw error;
    throw new BackendError(
      code,
      22,
      error.hint ? `${error.message}: ${error.hint}` : error.message,
    );
  }
}

/** An object in a model, for the runtime: what native/src does over libbpf. */
export class ModelObject implements NativeObject {
  private readonly opened: OpenedObject;
  private loaded: LoadedObject | undefined;
  private readonly autoload = new Map<string, boolean>();

  constructor(
    private readonly machine: ModelMachine,
    bytes: Uint8Array,
    name: string,
  ) {
    this.opened = failing('ERR_OPEN', () => new OpenedObject(machine.space, bytes, name));
  }
  private get file(): OpenedObject['file'] {
    return this.opened.file;
  }
  private get now(): LoadedObject {
    if (!this.loaded) throw new BackendError('ERR_PHASE', 0, 'the object is not loaded');
    return this.loaded;
  }

  maps(): MapDefinition[] {
    return nativeMaps(this.file);
  }
  programs(): NativeProgram[] {
    return this.file.functions
      .filter((f) => f.section !== '.text')
      .map((f) => ({
        name: f.name,
        section: f.section,
        type: PROGRAM_TYPES.find(([section]) => section.test(f.section))?.[1] ?? TRACING,
        autoload: this.autoload.get(f.name) ?? f.autoload,
        instructions: f.end - f.start,
      }));
  }
  types(): NativeType[] {
    return nativeTypes(this.file);
  }
  private initial(map: string): Uint8Array | undefined {
    return (
      this.file.data.find((s) => s.name === map)?.bytes ??
      this.file.structOps.find((v) => v.name === map)?.bytes
    );
  }
  readInitial(map: string, offset: number, size: number): Buffer | null {
    const bytes = this.initial(map);
    return bytes && offset + size <= bytes.length
      ? Buffer.from(bytes.slice(offset, offset + size))
      : null;
  }
  writeInitial(map: string, offset: number, bytes: Uint8Array): void {
    const target = this.initial(map);
    if (!target || offset + bytes.length > target.length)
      throw new BackendError('ERR_RANGE', 22, `${map} has no ${bytes.length} bytes at ${offset}`);
    target.set(bytes, offset);
    // A callback that is cleared is no callback any more.
    const ops = this.file.structOps.find((v) => v.name === map);
    if (ops && bytes.every((b) => b === 0)) ops.functions.delete(offset);
  }
  setMaxEntries(map: string, entries: number): void {
    const definition = this.file.maps.find((m) => m.name === map);
    if (definition) definition.maxEntries = entries;
  }
  setValueSize(map: string): void {
    throw new BackendError('ERR_MAP', 95, `the model does not change the size of ${map}`);
  }
  setPinPath(map: string, path: string | null): void {
    if (path !== null)
      throw new BackendError('ERR_PIN', 95, `a model has no file system to pin ${map} in`);
  }
  reuseMap(map: string): void {
    throw new BackendError('ERR_MAP', 95, `the model makes ${map} anew: maps are not shared`);
  }
  setAutoload(program: string, load: boolean): void {
    this.autoload.set(program, load);
  }
  setAutocreate(): void {
    // A scheduler that is not attached does nothing.
  }
  setLogLevel(): void {
    // There is no verifier.
  }
  load(): string {
    const { calls, host } = this.machine;
    this.loaded = failing('ERR_LOAD', () => this.opened.linkNow(calls, host));
    return '';
  }
  loadAsync(): Promise<string> {
    return new Promise((resolve) => resolve(this.load()));
  }
  programInfo(name: string): ProgramInfo {
    const program = this.programs().find((p) => p.name === name);
    if (!program) throw new BackendError('ERR_PROGRAM', 2, `there is no program '${name}'`);
    return { id: 0, instructions: program.instructions, jitedBytes: 0, verifiedInstructions: 0 };
  }
  map(name: string): NativeMap {
    const map = this.now.maps.get(name);
    if (map) return new ModelMap(map, this.machine);
    const at = this.now.data.get(name);
    const section = this.file.data.find((s) => s.name === name);
    if (at === undefined || !section)
      throw new BackendError('ERR_MAP', 2, `there is no map '${name}'`);
    return new SectionMap(this.machine.space.memory.buffer, at, section);
  }
  arena(): { buffer: ArrayBuffer; base: bigint } {
    return { buffer: this.machine.space.memory.buffer, base: 0n };
  }
  run(name: string, context?: Uint8Array | null): number {
    const program = this.now.programs.get(name);
    if (!program) throw new BackendError('ERR_PROGRAM', 2, `there is no program '${name}'`);
    const { memory } = this.machine.space;
    const size = context?.length ?? 0;
    const at = size ? memory.allocate(size, `arguments of ${name}`) : 0;
    if (context) memory.bytes.set(context, at);
    try {
      return failing('ERR_RUN', () => program.call(at));
    } finally {
      context?.set(memory.bytes.subarray(at, at + size));
      if (at) memory.free(at);
    }
  }
  runAsync(
    name: string,
    context?: Uint8Array | null,
  ): Promise<{ value: number; context: Uint8Array }> {
    const own = context?.slice() ?? new Uint8Array();
    return new Promise((resolve) =>
      resolve({ value: this.run(name, context ? own : null), context: own }),
    );
  }
  attachStructOps(map: string): NativeLink {
    const ops = this.now.structOps.find((v) => v.name === map);
    if (!ops) throw new BackendError('ERR_ATTACH', 2, `there is no struct_ops '${map}'`);
    return new ModelLink(failing('ERR_ATTACH', () => this.machine.enable(this.now, ops)));
  }
  attachStructOpsAsync(map: string): Promise<NativeLink> {
    return new Promise((resolve) => resolve(this.attachStructOps(map)));
  }
  attachProgram(name: string, cookie: bigint): NativeLink {
    const program = this.now.programs.get(name);
    if (!program) throw new BackendError('ERR_PROGRAM', 2, `there is no program '${name}'`);
    const { machine } = this;
    return new ModelLink(failing('ERR_ATTACH', () => machine.listen(this.now, program, cookie)));
  }
  attachProgramAsync(name: string, cookie: bigint): Promise<NativeLink> {
    return new Promise((resolve) => resolve(this.attachProgram(name, cookie)));
  }
  attachPerfEvent(program: string): NativeLink {
    throw new BackendError('ERR_ATTACH', 95, `the model has no PMU to sample for '${program}'`);
  }
  close(): void {
    this.loaded = undefined;
  }
}
