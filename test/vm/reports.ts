import type { VmResult } from '../../vm/index.js';

export interface NamedReport {
  name: string;
  [key: string]: unknown;
}

/** What the guest said under a name; throws with all that it printed if it said nothing. */
export type Report = <T>(name: string) => T;

/** The lines of JSON with a name that a guest printed: say() in its script. */
export function reportLines({ stdout }: VmResult): NamedReport[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{"name"'))
    .map((line) => JSON.parse(line) as NamedReport);
}

export function reportsOf(result: VmResult): Report {
  const reports = new Map(reportLines(result).map((r) => [r.name, r]));
  return <T>(name: string): T => {
    const found = reports.get(name);
    if (!found)
      throw new Error(`the guest said nothing of '${name}':\n${result.stdout}\n${result.stderr}`);
    return found as T;
  };
}
