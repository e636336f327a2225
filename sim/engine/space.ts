import { SimError } from '../errors.js';
import type { Host } from '../calls/types.js';
import { MapTable } from '../calls/maps/table.js';
import { ObjectPool } from '../calls/objects.js';
import { Timers } from '../calls/timers.js';
import { Locks } from '../calls/locks.js';
import { kernelTypes } from '../kernels/read.js';
import { LinearMemory } from '../memory/linear.js';
import { StructLayout } from '../memory/struct.js';
import { sizeOf, type TypeIndex } from '../object/types.js';
import { guarded } from './call.js';
import { Context } from './context.js';
import { Sites } from './sites.js';
import type { KernelName, KernelSpace, SpaceOptions } from './types.js';
import { wasm, type WasmTable } from './webassembly.js';

const DEFAULT_BYTES = 64 << 20;
export const MAX_CPUS = 8192;

/** Variables of kernels that are not in BTF, with their bytes: those that programs read. */
const PLAIN_VARIABLES: Readonly<Record<string, number>> = { jiffies: 8, jiffies_64: 8 };

interface Variable {
  readonly address: number;
  readonly size: number;
  readonly stride: number;
}

/** A modelled kernel's memory, types and what its objects share. */
export class Space implements KernelSpace {
  readonly kernel: KernelName;
  readonly cpus: number;
  readonly checks: 'none' | 'range' | 'shadow';
  readonly engine: 'wasm' | 'interpreter';
  readonly profile: boolean;
  readonly memory: LinearMemory;
  readonly sites = new Sites();
  readonly context: Context;
  readonly maps: MapTable;
  readonly timers: Timers;
  readonly locks: Locks;
  readonly objects: ObjectPool;
  readonly table: WasmTable = new wasm.Table({ element: 'anyfunc', initial: 1 });
  /** Distance of one CPU's copy from the next, by the address of the first. */
  readonly perCpu = new Map<number, number>();
  /** Told of tasks and cgroups that end: what belongs to them goes. */
  readonly onForget: ((owner: number) => void)[] = [];
  /** Of a stepper: told of each instruction before the interpreter executes it, by its site (see `sites`). */
  onStep: ((site: number) => void) | undefined;
  /** How many calls of programs are in progress, one within another. */
  depth = 0;
  /** Calls a function of an object by its place in the table. */
  invoke: (place: number, a: number, b: number, c: number, d: number, e: number) => number = () => {
    throw new SimError('NO_PROGRAM', 'no object is loaded');
  };

  /** Calls a function of an object as the kernel does, for timers. */
  readonly callBack: (place: number, a: number, b: number, c: number) => number;

  private readonly structs = new Map<string, StructLayout | undefined>();
  private readonly enumerators = new Map<string, bigint>();
  private readonly variables = new Map<string, Variable | undefined>();
  private world: Host | undefined;

  constructor(
    options: SpaceOptions,
    readonly types: TypeIndex,
  ) {
    const { kernel, cpus } = options;
    if (!Number.isInteger(cpus) || cpus < 1 || cpus > MAX_CPUS)
      throw new SimError('NO_CPUS', `a machine cannot have ${cpus} CPUs`, `give 1 to ${MAX_CPUS}`);
    this.kernel = kernel;
    this.cpus = cpus;
    this.checks = options.checks ?? 'range';
    this.engine = options.engine ?? 'wasm';
    this.profile = options.profile ?? false;
    this.memory = new LinearMemory(options.bytes ?? DEFAULT_BYTES, this.checks === 'shadow');
    this.context = new Context(this.memory, (site) => this.sites.at(site).where);
    this.maps = new MapTable(this);
    this.timers = new Timers(this);
    this.locks = new Locks(this);
    this.objects = new ObjectPool(this);
    this.callBack = guarded(this, (place, a, b, c) =>
      this.invoke(place ?? 0, a ?? 0, b ?? 0, c ?? 0, 0, 0),
    );
    for (const type of types.types)
      for (const value of type.values ?? []) this.enumerators.set(value.name, value.value);
  }

  /** The kernel around: set when the first object is linked. */
  get host(): Host {
    if (!this.world) throw new SimError('NO_HOST', 'no object is linked yet');
    return this.world;
  }
  set host(host: Host) {
    this.world = host;
  }

  struct(name: string): StructLayout {
    const found = this.findStruct(name);
    if (!found) throw new SimError('NO_STRUCT', `Linux ${this.kernel} has no struct ${name}`);
    return found;
  }
  hasStruct(name: string): boolean {
    return this.findStruct(name) !== undefined;
  }
  private findStruct(name: string): StructLayout | undefined {
    if (!this.structs.has(name)) {
      const type = this.types.find(name, 'struct', 'union');
      const layout =
        type && new StructLayout(name, this.types.types, type, this.memory, this.kernel);
      this.structs.set(name, layout);
    }
    return this.structs.get(name);
  }

  enumerator(name: string): bigint | undefined {
    return this.enumerators.get(name);
  }
  hasFunction(name: string): boolean {
    return this.types.find(name, 'func') !== undefined;
  }

  variable(name: string): Variable | undefined {
    if (!this.variables.has(name)) this.variables.set(name, this.makeVariable(name));
    return this.variables.get(name);
  }
  placed(name: string): Variable | undefined {
    return this.variables.get(name);
  }
  /** Told of each per-CPU variable that a program finds. */
  readonly found: ((base: number, cpu: number) => void)[] = [];
  onPerCpu(told: (base: number, cpu: number) => void): void {
    this.found.push(told);
  }
  private makeVariable(name: string): Variable | undefined {
    const type = this.types.find(name, 'var');
    const size = type ? sizeOf(this.types.types, type.id) : PLAIN_VARIABLES[name];
    if (size === undefined) return undefined;
    // BTF lists variables of the per-CPU section only.
    const stride = type ? Math.ceil(Math.max(size, 1) / 64) * 64 : 0;
    const bytes = stride * this.cpus || size;
    const address = this.memory.allocate(bytes, `the kernel's variable ${name}`, 64);
    if (stride) this.perCpu.set(address, stride);
    return { address, size, stride };
  }

  forget(owner: number): void {
    for (const told of this.onForget) told(owner);
  }
}

/** A kernel to open objects in. Throws SimError for machines that cannot be. */
export async function createSpace(options: SpaceOptions): Promise<Space> {
  return new Space(options, await kernelTypes(options.kernel));
}
