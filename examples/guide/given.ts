import { join } from 'node:path';

/**
 * The file of a chapter's folder that a test is about: `task.ts`, or the solution beside it when SOLUTION is set
 * (`SOLUTION=1 npx vitest run ...`).
 */
export function given(folder: string, name = 'task'): string {
  return join(folder, `${name.replace('task', process.env['SOLUTION'] ? 'solution' : 'task')}.ts`);
}
