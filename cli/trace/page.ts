import { PAGE_SCRIPT } from './page-script.js';
import type { Timeline } from './model.js';

const STYLE = `
:root { color-scheme: light dark; font: 14px system-ui, sans-serif; }
body { margin: 1rem; }
h1 { font-size: 1.1rem; margin: 0 0 .3rem; }
p { margin: .3rem 0; }
canvas { width: 100%; display: block; border: 1px solid #8888; cursor: grab; }
#tip { min-height: 4.8em; white-space: pre-line; font-family: monospace; }
#tasks { columns: 14rem; font-family: monospace; padding: 0; list-style: none; }
#tasks i { display: inline-block; width: .8em; height: .8em; margin-right: .4em; }
.lost { color: #c00; }
`;

const escape = (text: string): string => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** A page that shows the timeline and needs nothing else: no network, no other file. */
export function tracePage(timeline: Timeline): string {
  const { scheduler, dropped, length, cpus, tasks, slices } = timeline;
  // Rows rather than objects: a tenth of the size. '<' would end the script element.
  const data = JSON.stringify({
    length,
    cpus,
    tasks,
    slices: slices.map((s) => [
      s.cpu,
      s.pid,
      s.start,
      s.end,
      s.waited ?? -1,
      s.cause ?? '',
      s.ended,
      s.queue ?? '',
      s.queuedBy ?? -1,
      s.queued ?? -1,
    ]),
  }).replace(/</g, '\\u003c');
  const lost =
    dropped > 0 ? `<p class="lost">${dropped} events were lost: there are gaps.</p>` : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escape(scheduler)}: who ran where</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escape(scheduler)}</h1>
<p>${cpus.length} CPUs, ${(length / 1e6).toFixed(2)} s. Wheel: zoom. Drag: move. Double click: all. Point at a slice: what it is.
Busy: part of the time shown. Queued: slices that this CPU put into a dispatch queue before they ran, wherever that was.</p>
${lost}
<canvas id="lanes"></canvas>
<p id="tip"></p>
<p>Task that is shown alone: <input id="find" placeholder="name or pid"></p>
<ul id="tasks"></ul>
<script id="data" type="application/json">${data}</script>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
}
