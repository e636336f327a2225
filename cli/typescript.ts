import { register } from 'node:module';

/** From here on this process imports TypeScript: see loader.ts. */
export function importTypeScript(): void {
  register('./loader.js', import.meta.url);
}
