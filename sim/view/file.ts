// The file of a recording: 8 bytes of magic, then blocks: a letter, the length of what follows (u32, little-endian), gzip.
// H and T are JSON, E events in columns. T comes before the events, so that a file that was cut still has its names.
import type { Events } from './events.js';
import {
  emptyRecording,
  type Recording,
  type RecordingHead,
  type RecordingTail,
} from './recording.js';

const MAGIC = 'scxtrec';
export const FILE_VERSION = 1;
const EVENTS_A_BLOCK = 65_536;
const BLOCK_HEAD = 5;
/** gzip makes a byte of at most so many; an event has more than 20. */
const BYTES_UNPACKED = 50;
const MAGIC_BYTES = 8;
/** The columns after time, as a block has them. */
const COLUMNS = ['kind', 'cpu', 'pid', 'other', 'detail', 'queue', 'line'] as const;

/** Why bytes are not a recording that can be shown. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
  constructor(
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}

async function through(
  bytes: Uint8Array,
  stream: { readable: ReadableStream; writable: WritableStream },
): Promise<Uint8Array> {
  const writer = stream.writable.getWriter();
  // What is wrong with the bytes is told by the reading side.
  writer.write(bytes).catch(() => undefined);
  writer.close().catch(() => undefined);
  const parts: Uint8Array[] = [];
  const reader = stream.readable.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  for (let part = await reader.read(); !part.done; part = await reader.read())
    parts.push(part.value);
  return joined(parts);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

async function block(letter: string, content: Uint8Array): Promise<Uint8Array> {
  const packed = await through(content, new CompressionStream('gzip'));
  const head = new Uint8Array(BLOCK_HEAD);
  head[0] = letter.charCodeAt(0);
  new DataView(head.buffer).setUint32(1, packed.length, true);
  return joined([head, packed]);
}

const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** A recording as a file. */
export async function encodeRecording(recording: Recording): Promise<Uint8Array> {
  const { events } = recording;
  const { scheduler, origin, kernel, cpus, config, source } = recording;
  const { length, tasks, queues, lines, callbacks, series, dropped, exit } = recording;
  const head: RecordingHead = {
    ...{ scheduler, origin, kernel, cpus, config },
    ...(source && { source }),
  };
  const tail: RecordingTail = {
    ...{ length, tasks, queues, lines, callbacks, series, dropped, exit },
  };
  const magic = new TextEncoder().encode(MAGIC + String(FILE_VERSION));
  const order = events.inOrder();
  const blocks = [
    magic,
    await block('H', json(head)),
    await block('T', json({ ...tail, events: events.length })),
  ];
  for (let from = 0; from < events.length; from += EVENTS_A_BLOCK)
    blocks.push(
      await block(
        'E',
        eventsOf(events, order, from, Math.min(from + EVENTS_A_BLOCK, events.length)),
      ),
    );
  return joined(blocks);
}

function eventsOf(
  events: Events,
  order: Uint32Array | undefined,
  from: number,
  to: number,
): Uint8Array {
  const count = new Uint8Array(4);
  new DataView(count.buffer).setUint32(0, to - from, true);
  // Times as differences, in 7 bits a byte, zigzag: most take 2 bytes.
  const times: number[] = [];
  let last = 0;
  for (let i = from; i < to; i++) {
    const time = Math.round(events.time[order ? order[i]! : i]!);
    let difference = time >= last ? (time - last) * 2 : (last - time) * 2 - 1;
    last = time;
    for (; difference >= 0x80; difference = Math.floor(difference / 0x80))
      times.push((difference % 0x80) + 0x80);
    times.push(difference);
  }
  const columns = COLUMNS.map((name) => {
    const part = events[name].slice(from, to);
    if (order) for (let i = from; i < to; i++) part[i - from] = events[name][order[i]!]!;
    return new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
  });
  return joined([count, ...columns, Uint8Array.from(times)]);
}

function addEvents(to: Events, bytes: Uint8Array): void {
  const count = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const start = to.length;
  if (to.time.length < start + count) to.grow(Math.max(start + count, 2 * start));
  let at = 4;
  for (const name of COLUMNS) {
    const column = to[name];
    const size = column.BYTES_PER_ELEMENT * count;
    // Copied, since a column has to begin at a multiple of its size.
    const part = bytes.slice(at, at + size);
    if (part.length < size) throw new Error('a block of events is too short');
    column.set(new (column.constructor as Int32ArrayConstructor)(part.buffer, 0, count), start);
    at += size;
  }
  let last = 0;
  for (let i = 0; i < count; i++) {
    let [value, scale] = [0, 1];
    let byte: number;
    do {
      byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * scale;
      scale *= 0x80;
    } while (byte >= 0x80);
    last += value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    to.time[start + i] = last;
  }
  to.length += count;
}

/**
 * The recording in a file. One that was cut short is given as far as it goes, with `cut`. Throws RecordingError for what is no
 * recording, is damaged, or was made by another version.
 */
export async function decodeRecording(bytes: Uint8Array): Promise<Recording> {
  const magic = new TextDecoder('latin1').decode(bytes.subarray(0, MAGIC_BYTES));
  if (!magic.startsWith(MAGIC))
    throw new RecordingError(
      'this is no recording of scxts',
      'scxts trace --out FILE.scxtrec and scxts sim --trace FILE.scxtrec make one',
    );
  if (magic !== MAGIC + String(FILE_VERSION))
    throw new RecordingError(
      `this recording has format ${magic.slice(MAGIC.length) || '?'}, this scxts reads format ${FILE_VERSION}`,
      'open it with the scxts that made it, or record again',
    );
  const recording = emptyRecording();
  let promised = -1;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = MAGIC_BYTES;
  try {
    const blocks: { letter: string; content: Promise<Uint8Array> }[] = [];
    while (at + BLOCK_HEAD <= bytes.length) {
      const size = view.getUint32(at + 1, true);
      const end = at + BLOCK_HEAD + size;
      if (end > bytes.length) break;
      const packed = bytes.subarray(at + BLOCK_HEAD, end);
      // All at once: browsers unpack in threads of their own.
      const content = through(packed, new DecompressionStream('gzip'));
      content.catch(() => undefined);
      blocks.push({ letter: String.fromCharCode(bytes[at]!), content });
      at = end;
    }
    for (const { letter, content: pending } of blocks) {
      const content = await pending;
      if (letter === 'E') addEvents(recording.events, content);
      else {
        const { events, ...rest } = JSON.parse(new TextDecoder().decode(content)) as Partial<
          RecordingHead & RecordingTail
        > & { events?: number };
        if (letter === 'T') promised = events ?? 0;
        // At most as many as there can be in so many bytes.
        if (promised > recording.events.time.length && promised < bytes.length * BYTES_UNPACKED)
          recording.events.grow(promised);
        Object.assign(recording, rest);
      }
    }
  } catch (error) {
    throw new RecordingError(
      `the recording is damaged: ${(error as Error).message || 'a block cannot be unpacked'}`,
      'copy it again, or record again',
    );
  }
  recording.cut = recording.events.length !== promised;
  check(recording);
  return recording;
}

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((text) => typeof text === 'string');

/** Numbers in events have to be those of something; the rest is as it was made. */
function check(recording: Recording): void {
  const { events, queues, lines, callbacks, cpus, tasks, series } = recording;
  const isWhole =
    isTexts(queues) &&
    isTexts(lines) &&
    isTexts(callbacks) &&
    Array.isArray(series) &&
    Array.isArray(tasks) &&
    Array.isArray(cpus) &&
    cpus.every((c) => Number.isInteger(c.id)) &&
    typeof recording.length === 'number' &&
    typeof recording.config === 'object';
  if (!isWhole)
    throw new RecordingError('the recording is damaged: what it says of itself', 'record again');
  const most = Math.max(queues.length, callbacks.length);
  for (let i = 0; i < events.length; i++) {
    if (events.queue[i]! >= most || events.queue[i]! < -1) events.queue[i] = -1;
    if (events.line[i]! >= lines.length || events.line[i]! < -1) events.line[i] = -1;
  }
}

/** Bytes as text that an HTML page can hold. */
export function toBase64(bytes: Uint8Array): string {
  const PART = 0x6000;
  let text = '';
  for (let i = 0; i < bytes.length; i += PART)
    text += btoa(String.fromCharCode(...bytes.subarray(i, i + PART)));
  return text;
}

/** The bytes of such a text; what follows the last whole group of a text that was cut is left out. */
export function fromBase64(text: string): Uint8Array {
  const whole = text.length - (text.length % 4);
  const binary = atob(text.slice(0, whole));
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
