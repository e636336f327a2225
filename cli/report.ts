import type { CheckResult } from '../codegen/index.js';
import { printJson } from './terminal.js';

/** Prints diagnostics for people or tools; true if there was an error. */
export async function reportDiagnostics(result: CheckResult, format: string): Promise<boolean> {
  const { compiler } = await import('../codegen/compiled.js');
  const { diagnosticToJson, formatDiagnostic } = await compiler();
  const { diagnostics, read } = result;
  const failed = diagnostics.some((d) => d.severity === 'error');
  if (format === 'json') {
    printJson({ ok: !failed, diagnostics: diagnostics.map((d) => diagnosticToJson(d, read)) });
    return failed;
  }
  const color = process.stderr.isTTY && !process.env['NO_COLOR'];
  for (const d of diagnostics) process.stderr.write(formatDiagnostic(d, read, { color }) + '\n\n');
  const count = diagnostics.filter((d) => d.severity === 'error').length;
  if (count > 0) process.stderr.write(`${count} error${count === 1 ? '' : 's'}\n`);
  return failed;
}
