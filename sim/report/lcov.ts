import type { Coverage } from '../engine/types.js';

/** A path without `.` and `..` in it. */
function plainPath(path: string): string {
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && out.length > 0 && out.at(-1) !== '..' && out.at(-1) !== '') out.pop();
    else if (part !== '.') out.push(part);
  }
  return out.join('/');
}

/** Coverage in the format of lcov's tracefiles (geninfo(1)), which editors and services read. */
export function lcovText(coverage: Coverage, test: string): string {
  const files = [...new Set(coverage.lines.map((l) => l.file))];
  return files
    .map((file) => {
      const lines = coverage.lines.filter((l) => l.file === file);
      const functions = coverage.functions.filter((f) => f.file === file);
      return [
        `TN:${test.replace(/\W/g, '_')}`,
        `SF:${plainPath(file)}`,
        ...functions.map((f) => `FN:${f.line},${f.name}`),
        ...functions.map((f) => `FNDA:${f.hits},${f.name}`),
        `FNF:${functions.length}`,
        `FNH:${functions.filter((f) => f.hits > 0).length}`,
        ...lines.map((l) => `DA:${l.line},${l.hits}`),
        `LF:${lines.length}`,
        `LH:${lines.filter((l) => l.hits > 0).length}`,
        'end_of_record\n',
      ].join('\n');
    })
    .join('');
}
