import { existsSync } from 'node:fs';
import { freshObject } from '../codegen/files/fresh.js';

/**
 * Builds what a command for the virtual machine loads, here: the guest has no compiler. False if a
 * build failed; its diagnostics have been printed.
 */
export async function prebuild(command: string[]): Promise<boolean> {
  // Also where a shell runs it; where it is something else that is called so, nothing depends on it.
  if (command.some((word) => /\btrace\b/.test(word))) {
    const { buildTracer } = await import('./trace/build.js');
    const { bundleOf } = await import('./view/bundle.js');
    await Promise.all([buildTracer(), bundleOf('trace')]).catch((error: unknown) => {
      process.stderr.write(
        `note: scxts trace will not run in the virtual machine: ${(error as Error).message}\n`,
      );
    });
  }
  const load = command.indexOf('load');
  if (load < 0 || !/(^|\/)scxts$/.test(command[load - 1] ?? '')) return true;
  const source = command.slice(load + 1).find((a) => /\.[mc]?ts$/.test(a));
  if (!source || !existsSync(source) || freshObject(source)) return true;
  const { compiler } = await import('../codegen/compiled.js');
  const { buildFile } = await compiler();
  const { reportDiagnostics } = await import('./report.js');
  return !(await reportDiagnostics(await buildFile(source), 'text'));
}
