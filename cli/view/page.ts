import { encodeRecording, toBase64 } from '../../sim/view/file.js';
import type { Recording } from '../../sim/view/recording.js';
import { bundleOf } from './bundle.js';
import { pageOf } from './page-text.js';

/** A page that shows a recording and needs nothing else: no network, no other file. */
export async function tracePage(recording: Recording): Promise<string> {
  const { script, style } = await bundleOf('trace');
  const data = toBase64(await encodeRecording(recording));
  return pageOf(`${recording.scheduler}: who ran where`, style, script, data);
}
