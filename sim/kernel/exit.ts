import { EXIT_KINDS, type ExitKind } from '../../native/runtime/exit-kinds.js';
import type { ExitInfo } from './scheduler.js';

/** Why the scheduler ends; the first reason stays. */
export class ExitState {
  info: ExitInfo | undefined;
  /** Its file:line, where a program made it end. */
  where = '';
  at = 0;

  reset(): void {
    this.info = undefined;
    this.where = '';
  }

  /** False if there was one before. */
  claim(kind: ExitKind, message: string, code: bigint, at: number): boolean {
    if (this.info) return false;
    const row = EXIT_KINDS[kind];
    this.info = {
      ...{ kind: row.kind, kindName: row.name },
      ...{ reason: row.reason, message, code, dump: '' },
    };
    this.at = at;
    return true;
  }
}
