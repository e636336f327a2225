/** What the tracer tells; `Event` of cli/trace/bpf/tracer.ts says what the fields are. */
export interface TraceEvent {
  time: bigint;
  kind: number;
  cpu: number;
  pid: number;
  other: number;
  state: number;
  preempted: number;
  comm: string;
  dsq: bigint;
  tgid: number;
}

const COMM = 32;
const COMM_BYTES = 16;
const text = new TextDecoder();

/** The event at a place of a ring, laid out as `Event` of the tracer is. */
export function eventAt(view: DataView, at: number): TraceEvent {
  const comm = new Uint8Array(view.buffer, view.byteOffset + at + COMM, COMM_BYTES);
  const end = comm.indexOf(0);
  return {
    time: view.getBigUint64(at, true),
    kind: view.getUint32(at + 8, true),
    cpu: view.getUint32(at + 12, true),
    pid: view.getInt32(at + 16, true),
    other: view.getInt32(at + 20, true),
    state: view.getUint32(at + 24, true),
    preempted: view.getUint32(at + 28, true),
    comm: text.decode(comm.subarray(0, end < 0 ? COMM_BYTES : end)),
    dsq: view.getBigUint64(at + 48, true),
    tgid: view.getInt32(at + 56, true),
  };
}
