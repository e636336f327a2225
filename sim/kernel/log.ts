/** Kinds of what is logged. */
export const Log = {
  /** `pid` runs from now on in the place of `other`; `detail` tells why that one left: Left. */
  SWITCH: 0,
  /** `pid` can run; `other` ran on `cpu` when that happened; `detail` is the CPU that it was put on, plus 1. */
  WAKEUP: 1,
  /** The same, of a new task. */
  WAKEUP_NEW: 2,
  /** `pid` was put into a queue; `other` ran on `cpu` when that happened. */
  INSERT: 3,
  EXIT: 4,
  FORK: 5,
  ONLINE: 6,
  OFFLINE: 7,
  ENABLE: 8,
  DISABLE: 9,
  CHANGE: 10,
  /** Not of the hash: a callback of the scheduler begins; `other` is what it was given, `detail` its instructions. */
  CALL: 11,
} as const;

/** One event: for a switch, `pid` is who comes, `other` who goes, `detail` what for (SwitchReason). */
export interface LogEntry {
  at: number;
  kind: number;
  cpu: number;
  pid: number;
  other: number;
  detail: number | bigint;
  /** INSERT: the line of the scheduler, '' if it is the kernel's doing. */
  about?: string;
}

/** Why a task left its CPU. */
export const Left = { IDLE: 0, SLEEPS: 1, PREEMPTED: 2, EXITED: 3 } as const;

/** What happened, in order: always as a hash, and as entries if asked for. */
export class EventLog {
  readonly entries: LogEntry[] = [];
  private a = 0x811c9dc5 | 0;
  private b = 0x1b873593 | 0;
  count = 0;
  /** All tasks that there were, by pid. */
  readonly names = new Map<number, { name: string; group: string }>();

  constructor(readonly keep: boolean) {}

  add(
    at: number,
    kind: number,
    cpu: number,
    pid: number,
    other: number,
    detail: number | bigint,
    about = '',
  ): void {
    this.count++;
    this.mix(at >>> 0);
    this.mix(((at / 0x1_0000_0000) << 12) ^ (kind << 28) ^ cpu);
    this.mix(pid ^ (other << 16));
    this.mix(typeof detail === 'number' ? detail >>> 0 : Number(BigInt.asUintN(53, detail)) >>> 0);
    if (this.keep) this.entries.push({ at, kind, cpu, pid, other, detail, about });
  }

  /** Keeps an entry beside what the hash is made of; null if none are kept. */
  note(entry: LogEntry): LogEntry | null {
    if (!this.keep) return null;
    this.entries.push(entry);
    return entry;
  }

  /** 16 hex digits that differ if anything of the log does. */
  hash(): string {
    const hex = (n: number): string => (n >>> 0).toString(16).padStart(8, '0');
    return hex(this.a ^ (this.b >>> 15)) + hex(this.b ^ (this.a >>> 13));
  }

  /** Two multiply-and-rotate lanes over 32-bit words. */
  private mix(word: number): void {
    this.a = Math.imul(this.a ^ word, 0x01000193);
    this.a = (this.a << 13) | (this.a >>> 19);
    this.b = Math.imul(this.b + Math.imul(word, 0xcc9e2d51), 0x85ebca6b);
    this.b = (this.b << 15) | (this.b >>> 17);
  }
}
