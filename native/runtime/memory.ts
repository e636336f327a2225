import { outOfMemory } from './errors.js';

/** That many bytes, all zero. Throws ERR_MEMORY where the process has no room for them. */
export function allocate(bytes: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(bytes);
  } catch (error) {
    throw outOfMemory(`${bytes} bytes`, error);
  }
}
