import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import type { ts } from 'ts-morph';
import {
  cannotRead,
  fileNotFound,
  notTypeScript,
  notUtf8,
} from '../diagnostics/catalogue/files.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { systemRefusal } from '../files/system-error.js';

/** Why the file of a program, named by its user so, cannot be taken; undefined if it can. */
export function refusal(path: string, named: string): Diagnostic | undefined {
  if (path.includes('\\'))
    return cannotRead(undefined, named, 'TypeScript takes a backslash in a path for a slash');
  if (!existsSync(path)) return fileNotFound(undefined, named);
  if (statSync(path).isDirectory()) return cannotRead(undefined, named, 'it is a folder');
  if (!statSync(path).isFile()) return cannotRead(undefined, named, 'it is not a regular file');
  if (!/\.[mc]?ts$/.test(path) || path.endsWith('.d.ts')) return notTypeScript(undefined, named);
  try {
    accessSync(path, constants.R_OK);
    readFileSync(path);
    return undefined;
  } catch (error) {
    const refused = systemRefusal(error);
    if (!refused) throw error;
    return cannotRead(undefined, named, refused.message);
  }
}

/** What decoders put in place of what they cannot read. A file may also have it as a character. */
const REPLACEMENT = '\ufffd';

/** The first byte of a file that is not UTF-8, as an error. */
export function encodingError(file: ts.SourceFile): Diagnostic | undefined {
  const start = file.text.indexOf(REPLACEMENT);
  if (start < 0 || !existsSync(file.fileName)) return undefined;
  const bytes = readFileSync(file.fileName);
  if (isUtf8(bytes)) return undefined;
  const before = Buffer.byteLength(file.text.slice(0, start));
  const line = file.getLineAndCharacterOfPosition(start).line + 1;
  return notUtf8(
    { file: file.fileName, start, end: start + 1, line },
    `0x${(bytes[before] ?? 0).toString(16)}`,
  );
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
