import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { ScxtsError } from '../../native/runtime/index.js';
import { writeWhole } from '../../native/runtime/write-whole.js';

/**
 * A failed load as an error that says where the whole log is: beside the object, as NAME.verifier.log, or in the
 * folder of temporary files where that one cannot be written. What is no failed load comes back as it is.
 */
export function withLogFile(error: unknown, objectPath: string): unknown {
  if (!(error instanceof ScxtsError) || error.code !== 'ERR_LOAD' || !error.log) return error;
  const name = `${basename(objectPath).replace(/(\.bpf)?\.o$/, '')}.verifier.log`;
  const places = [join(dirname(objectPath), name), join(tmpdir(), name)];
  for (const path of places) {
    try {
      writeWhole(path, error.log);
      return saying(error, `the full log of libbpf and the verifier is in ${path}`);
    } catch {
      // A folder that cannot be written: the next one.
    }
  }
  return saying(error, `the full log could not be written to ${places.join(' or ')}`);
}

function saying(error: ScxtsError, where: string): ScxtsError {
  const { code, message, errno, log, hint, cause, refusal } = error;
  // The runtime's own hint for a refusal points to a property, which nobody at a terminal can read.
  const other = hint?.includes("error's log property") ? undefined : hint;
  return new ScxtsError(code, message, {
    ...{ errno, log, cause },
    ...(refusal ? { refusal } : {}),
    hint: other ? `${other}; ${where}` : where,
  });
}
