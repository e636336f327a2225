import { encodeRecording, toBase64 } from '../../sim/view/file.js';
import type { Recording } from '../../sim/view/recording.js';
import { bundleOf } from './bundle.js';

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** A script within a page must not end it. */
const inScript = (text: string): string =>
  text.replace(/<\/(script)/gi, '<\\/$1').replace(/<!--/g, '<\\!--');

/** A page that shows a recording and needs nothing else: no network, no other file. */
export async function tracePage(recording: Recording): Promise<string> {
  const { script, style } = await bundleOf('trace');
  const data = toBase64(await encodeRecording(recording));
  // The script comes first and waits: of a page that was cut, what is there is shown.
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(recording.scheduler)}: who ran where</title>
<style>${style}</style>
<script>addEventListener('DOMContentLoaded', () => {${inScript(script)}});</script>
</head>
<body>
<p>Opening the recording…</p>
<noscript>This page needs JavaScript.</noscript>
<script id="recording" type="application/octet-stream">${data}</script>
</body>
</html>
`;
}
