import { layoutOf } from '../layout.js';
import type {
  CollectionIr,
  CounterIr,
  FunctionIr,
  GlobalIr,
  MapIr,
  ModuleIr,
  ProgramIr,
  TimerIr,
} from '../module.js';
import type { Expr, Local } from '../nodes.js';
import type { TimerMethod } from '../operations.js';
import { isAggregate, type CType } from '../types.js';
import { CollectionState } from './collections.js';
import { evaluate } from './expressions.js';
import { MapInstance } from './map-instance.js';
import { Fault, Memory } from './memory.js';
import { runBody } from './statements.js';

/** The program uses something of the kernel that the interpreter knows nothing of. */
export class NotModelled extends Error {
  override name = 'NotModelled';
  constructor(what: string) {
    super(`the interpreter does not know ${what}`);
  }
}

export interface MachineOptions {
  /** The CPU that programs run on, and how many there are. */
  cpu?: number;
  cpus?: number;
  /** What the running kernel has: a function, type or value by its name. */
  exists?: (name: string) => boolean;
  /** Nanoseconds, each time that a program asks. */
  clock?: () => bigint;
  random?: () => bigint;
}

/** A call of a function that has begun: where its variables are. */
export class Frame {
  readonly places = new Map<Local, bigint>();
  constructor(readonly fn: FunctionIr) {}
}

/** Steps after which a program is taken for one that does not end. */
const MOST_STEPS = 50_000_000;

/**
 * Runs programs in the IR: what they mean, without C, BPF or a kernel. State is that of one loaded object; RCU and
 * locks are nothing, as there is one CPU at work. What is not known of the kernel is a NotModelled error.
 */
export class Machine {
  readonly memory = new Memory();
  readonly counters = new Map<CounterIr, bigint>();
  /** What programs printed, by what and in order. */
  readonly printed: string[] = [];
  /** Records that were given to rings, by their maps: the bytes of each. */
  readonly records = new Map<MapIr, Uint8Array[]>();
  readonly cpu: number;
  readonly cpus: number;
  private readonly globals = new Map<GlobalIr, bigint>();
  private readonly maps = new Map<MapIr, MapInstance>();
  private readonly handles: MapInstance[] = [];
  private readonly collections = new Map<CollectionIr, CollectionState>();
  private readonly inValues = new Map<bigint, CollectionState>();
  private readonly texts = new Map<string, bigint>();
  private readonly armed = new Set<TimerIr | bigint>();
  private readonly freed = new Set<bigint>();
  private steps = 0;

  constructor(
    readonly module: ModuleIr,
    readonly options: MachineOptions = {},
  ) {
    this.cpu = options.cpu ?? 0;
    this.cpus = options.cpus ?? 4;
    for (const global of module.globals) this.placeOfGlobal(global);
  }

  /** Runs a program by its name in TypeScript, and gives what it returns. */
  run(tsName: string, args: readonly bigint[] = []): bigint {
    const program = this.program(tsName);
    return this.call(program.fn, args) ?? 0n;
  }

  program(tsName: string): ProgramIr {
    const found = this.module.programs.find((p) => p.tsName === tsName);
    if (!found) throw new Error(`there is no program '${tsName}'`);
    return found;
  }

  /** The numbers in a global, in order. */
  numbersOf(tsName: string): bigint[] {
    const global = this.module.globals.find((g) => g.tsName === tsName);
    if (!global) throw new Error(`there is no global '${tsName}'`);
    const { type } = global;
    const address = this.placeOfGlobal(global);
    if (type.kind !== 'array') return [this.memory.read(address, type)];
    const { size } = layoutOf(type.of);
    return Array.from({ length: type.length }, (_, i) =>
      this.memory.read(address + BigInt(i * size), type.of),
    );
  }

  /** Counts what is done, so that what never ends is found out. */
  step(): void {
    if (++this.steps > MOST_STEPS) throw new Error('the program does not end');
  }

  placeOfGlobal(global: GlobalIr): bigint {
    const known = this.globals.get(global);
    if (known !== undefined) return known;
    if (global.storage === 'kconfig') throw new NotModelled(`'${global.tsName}' of .config`);
    const address = this.memory.allocate(layoutOf(global.type).size);
    this.globals.set(global, address);
    if (global.init) {
      const frame = new Frame({ ...NO_FUNCTION, span: global.span });
      this.memory.write(address, global.type, evaluate(this, frame, global.init));
    }
    return address;
  }

  instance(map: MapIr): MapInstance {
    const known = this.maps.get(map);
    if (known) return known;
    const made = new MapInstance(this, map);
    this.maps.set(map, made);
    return made;
  }
  /** What a program holds of a map that it found in another one. */
  handleOf(map: MapInstance): bigint {
    if (!this.handles.includes(map)) this.handles.push(map);
    return BigInt(this.handles.indexOf(map) + 1);
  }
  mapOf(handle: bigint): MapInstance {
    const found = this.handles[Number(handle) - 1];
    if (!found) throw new Error('a map that was not found is used');
    return found;
  }

  collection(of: CollectionIr): CollectionState {
    const known = this.collections.get(of);
    if (known) return known;
    const made = new CollectionState(this, of);
    this.collections.set(of, made);
    return made;
  }

  /** The list or tree at an address in a value. */
  collectionAt(head: bigint, of: CollectionIr): CollectionState {
    const known = this.inValues.get(head);
    if (known) return known;
    const made = new CollectionState(this, of);
    this.inValues.set(head, made);
    return made;
  }

  /** The address of a text with its end. */
  text(value: string): bigint {
    const known = this.texts.get(value);
    if (known !== undefined) return known;
    const bytes = Buffer.from(`${value}\0`);
    const address = this.memory.allocate(bytes.length);
    this.memory.bytes(address, bytes.length).set(bytes);
    this.texts.set(value, address);
    return address;
  }
  /** The bytes of a text up to its end, or all that there are. */
  textAt(address: bigint, most: number): Buffer {
    const bytes: number[] = [];
    for (let i = 0n; i < BigInt(most); i++) {
      const byte = Number(this.memory.load(address + i, 1, false));
      if (byte === 0) break;
      bytes.push(byte);
    }
    return Buffer.from(bytes);
  }

  /** A new object on the stack with what is at an address, or zeros. */
  onStack(type: CType, from?: bigint): bigint {
    const { size } = layoutOf(type);
    const address = this.memory.push(size);
    if (from !== undefined) this.memory.copy(address, from, size);
    return address;
  }

  /** Starts or cancels a timer: one at module level, or one in a value by its address. None fires here. */
  timer(which: TimerIr | bigint, method: TimerMethod): bigint {
    if (method === 'start') {
      this.armed.add(which);
      return 0n;
    }
    return this.armed.delete(which) ? 1n : 0n;
  }

  /** An object of alloc() is given back: it must be one, and only once. */
  free(object: bigint): void {
    if (this.freed.has(object)) throw new Fault('an object is given back twice');
    this.freed.add(object);
  }

  /** Calls a function. An object that it returns is one of the caller. */
  call(fn: FunctionIr, args: readonly bigint[]): bigint | undefined {
    this.step();
    const mark = this.memory.mark();
    const frame = new Frame(fn);
    fn.params.forEach((param, i) => {
      const place = this.memory.push(param.byPointer ? 8 : layoutOf(param.type).size);
      frame.places.set(param, place);
      const value = args[i] ?? 0n;
      if (param.byPointer) this.memory.store(place, 8, value);
      else this.memory.write(place, param.type, value);
    });
    const result = runBody(this, frame, fn.body);
    return this.left(mark, fn.returns, result);
  }

  /** Ends a part of the stack of which a value goes on: an object is copied, and is one of what is around it. */
  left<T extends bigint | undefined>(mark: number, type: CType, value: T): T | bigint {
    if (value === undefined || !isAggregate(type)) {
      this.memory.release(mark);
      return value;
    }
    const { size } = layoutOf(type);
    const object = Uint8Array.from(this.memory.bytes(value, size));
    this.memory.release(mark);
    const kept = this.memory.push(size);
    this.memory.bytes(kept, size).set(object);
    return kept;
  }

  /** The value of an expression in no function. */
  constant(e: Expr): bigint {
    return evaluate(this, new Frame({ ...NO_FUNCTION, span: e.span }), e);
  }
}

const NO_FUNCTION: Omit<FunctionIr, 'span'> = {
  name: 'none',
  params: [],
  returns: { kind: 'void' },
  body: [],
  noinline: false,
  calls: [],
};
