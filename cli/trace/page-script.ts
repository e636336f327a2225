/** What runs in the browser on the page of cli/trace/page.ts. */
export const PAGE_SCRIPT = String.raw`
'use strict';
const data = JSON.parse(document.getElementById('data').textContent);
const canvas = document.getElementById('lanes');
const tip = document.getElementById('tip');
const find = document.getElementById('find');
// Columns left of the lanes: the CPU, how busy it was, and how many slices begin in a queue that it filled.
const ROW = 26, BUSY = 58, QUEUED = 110, LEFT = 165, AXIS = 22;
let from = 0, to = data.length;
// #FROM,TO in µs shows a part at first.
const part = /^#(\d+),(\d+)$/.exec(location.hash);
if (part && +part[1] < +part[2]) [from, to] = [+part[1], +part[2]];
// The golden angle keeps neighbouring pids apart.
const colour = (pid) => 'hsl(' + (pid * 137.508) % 360 + ' 65% 55%)';
const rows = new Map(data.cpus.map((cpu, i) => [cpu, i]));
const label = (pid) => data.tasks[pid] + ' ' + pid;
const wanted = (pid) => label(pid).includes(find.value);
const time = (us) => us >= 1000 ? (us / 1000).toFixed(3) + ' ms' : us.toFixed(1) + ' µs';
const x = (us) => LEFT + (us - from) / (to - from) * (canvas.clientWidth - LEFT);

const share = new Map(), filled = new Map();
function measure() {
  for (const cpu of data.cpus) { share.set(cpu, 0); filled.set(cpu, 0); }
  for (const [cpu, , start, end, , , , , by] of data.slices) {
    const shown = Math.min(end, to) - Math.max(start, from);
    if (shown > 0) share.set(cpu, share.get(cpu) + shown / (to - from));
    if (by >= 0 && from <= start && start < to) filled.set(by, (filled.get(by) ?? 0) + 1);
  }
}

function draw() {
  measure();
  const scale = devicePixelRatio || 1;
  const width = canvas.clientWidth, height = AXIS + ROW * data.cpus.length;
  canvas.style.height = height + 'px';
  canvas.width = width * scale;
  canvas.height = height * scale;
  const c = canvas.getContext('2d');
  c.scale(scale, scale);
  c.font = '12px system-ui, sans-serif';
  const ink = getComputedStyle(document.body).color;
  c.fillStyle = ink;
  let step = 10 ** Math.floor(Math.log10((to - from) / 5));
  if ((to - from) / step > 12) step *= 2;
  for (let t = Math.ceil(from / step) * step; t <= to; t += step) {
    c.globalAlpha = 0.2;
    c.fillRect(x(t), AXIS, 1, height);
    c.globalAlpha = 1;
    c.fillText(time(t), x(t) + 2, 14);
  }
  c.fillText('busy', BUSY, 14);
  c.fillText('queued', QUEUED, 14);
  for (const [cpu, row] of rows) {
    const base = AXIS + row * ROW + 17;
    c.fillText('CPU ' + cpu, 4, base);
    c.fillText((share.get(cpu) * 100).toFixed(0) + ' %', BUSY, base);
    c.fillText(filled.get(cpu), QUEUED, base);
  }
  c.save();
  c.beginPath();
  c.rect(LEFT, 0, width, height);
  c.clip();
  for (const [cpu, pid, start, end] of data.slices) {
    if (end < from || start > to) continue;
    const left = x(start), w = Math.max(x(end) - left, 0.5), top = AXIS + rows.get(cpu) * ROW + 3;
    c.globalAlpha = wanted(pid) ? 1 : 0.08;
    c.fillStyle = colour(pid);
    c.fillRect(left, top, w, ROW - 6);
    if (w < 60) continue;
    c.save();
    c.beginPath();
    c.rect(left, top, w - 2, ROW);
    c.clip();
    c.fillStyle = '#000';
    c.fillText(label(pid), Math.max(left, LEFT) + 3, top + 14);
    c.restore();
  }
  c.restore();
}

function at(event) {
  const us = from + (event.offsetX - LEFT) / (canvas.clientWidth - LEFT) * (to - from);
  const cpu = data.cpus[Math.floor((event.offsetY - AXIS) / ROW)];
  return { us, slice: data.slices.find((s) => s[0] === cpu && s[2] <= us && us < s[3]) };
}

let drag;
canvas.addEventListener('mousedown', (e) => { drag = { x: e.offsetX, from, to }; });
addEventListener('mouseup', () => { drag = undefined; });
canvas.addEventListener('mousemove', (e) => {
  if (drag) {
    const moved = (drag.x - e.offsetX) / (canvas.clientWidth - LEFT) * (drag.to - drag.from);
    from = drag.from + moved;
    to = drag.to + moved;
    draw();
    return;
  }
  const { slice } = at(e);
  if (!slice) { tip.textContent = ''; return; }
  const [cpu, pid, start, end, waited, cause, ended, queue, by, queued] = slice;
  tip.textContent = label(pid) + ' on CPU ' + cpu + ' from ' + time(start) + ' for ' + time(end - start) +
    (waited >= 0 ? '\nready: ' + cause + ', waited ' + time(waited) : '') +
    (queue ? '\nqueued: ' + queue + ' by CPU ' + by + ', ' + time(queued) + ' before' : '') + '\nthen: ' + ended;
});
canvas.addEventListener('wheel', (e) => {
  e.preventDefault();
  const { us } = at(e);
  const factor = e.deltaY > 0 ? 1.25 : 0.8;
  from = us - (us - from) * factor;
  to = us + (to - us) * factor;
  draw();
}, { passive: false });
canvas.addEventListener('dblclick', () => { from = 0; to = data.length; draw(); });
find.addEventListener('input', draw);
addEventListener('resize', draw);

const totals = new Map();
for (const [, pid, start, end] of data.slices) totals.set(pid, (totals.get(pid) ?? 0) + end - start);
const list = document.getElementById('tasks');
for (const [pid, us] of [...totals].sort((a, b) => b[1] - a[1])) {
  const item = document.createElement('li');
  const mark = document.createElement('i');
  mark.style.background = colour(pid);
  item.append(mark, label(pid) + ': ' + time(us));
  list.append(item);
}
draw();
`;
