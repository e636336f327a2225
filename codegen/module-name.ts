import { basename } from 'node:path';

/** A file as part of a name: `load_stats` of `lib/load-stats.bpf.ts`. */
export function moduleName(file: string): string {
  return basename(file)
    .replace(/(\.bpf)?\.ts$/, '')
    .replace(/[^\p{ID_Continue}$]/gu, '_');
}
