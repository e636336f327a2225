import { readFileSync } from 'node:fs';
import { writeWhole } from '../../native/runtime/write-whole.js';
import { viewOf } from '../../sim/view/build.js';
import { decodeRecording, encodeRecording } from '../../sim/view/file.js';
import type { Recording } from '../../sim/view/recording.js';
import type { View } from '../../sim/view/view.js';

/** Reads FILE.scxtrec; throws RecordingError for what is none. */
export async function readRecording(file: string): Promise<Recording> {
  return decodeRecording(readFileSync(file));
}

/** Writes a recording: as a page (.html), for Perfetto (.json), or as it is (.scxtrec). All or none is written of each. */
export async function writeRecording(
  recording: Recording,
  files: readonly string[],
): Promise<View> {
  const view = viewOf(recording);
  for (const file of files)
    if (file.endsWith('.json'))
      writeWhole(file, (await import('../trace/perfetto.js')).perfettoTrace(view));
    else if (file.endsWith('.html'))
      writeWhole(file, await (await import('./page.js')).tracePage(recording));
    else writeWhole(file, await encodeRecording(recording));
  return view;
}
