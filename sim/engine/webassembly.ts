/** The part of WebAssembly that the engine uses. TypeScript knows it only together with the whole DOM. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}
export interface WasmTable {
  readonly length: number;
  get(index: number): unknown;
  set(index: number, value: unknown): void;
  grow(by: number): number;
}
type Function = (...args: number[]) => number;
interface WasmApi {
  Memory: new (options: { initial: number; maximum: number }) => WasmMemory;
  Table: new (options: { element: 'anyfunc'; initial: number }) => WasmTable;
  Module: new (code: Uint8Array) => object;
  Instance: new (
    module: object,
    imports: Record<string, Record<string, unknown>>,
  ) => { exports: Record<string, Function> };
}

export const wasm = (globalThis as unknown as { WebAssembly: WasmApi }).WebAssembly;
