import { resolve } from 'node:path';
import { runChecks } from './checks/index.js';
import { complete } from './passes/index.js';
import { lowerProgram, type FrontendResult, type LowerOptions } from './frontend/index.js';
import { isOverflow, tooDeepInText } from './frontend/nesting.js';

/** A program in the compiler's terms, and all that is wrong with it. */
export function checkProgram(file: string, options: LowerOptions = {}): FrontendResult {
  try {
    return lowerAndCheck(file, options);
  } catch (error) {
    if (!isOverflow(error)) throw error;
    return { diagnostics: [tooDeepInText(resolve(file))], sources: new Map() };
  }
}

function lowerAndCheck(file: string, options: LowerOptions): FrontendResult {
  const lowered = lowerProgram(file, options);
  const { module, diagnostics } = lowered;
  if (!module) return lowered;
  complete(module);
  return { ...lowered, diagnostics: [...diagnostics, ...runChecks(module, options.minKernel)] };
}
