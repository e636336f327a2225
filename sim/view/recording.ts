import { Events } from './events.js';

/** A CPU's place in its machine; -1 where that is not known. */
export interface RecordedCpu {
  id: number;
  core: number;
  llc: number;
  node: number;
  /** Of 1024. */
  capacity: number;
}

export interface RecordedTask {
  pid: number;
  name: string;
  /** Thread group, or the group of a load; tasks are shown by it. */
  process: string;
}

/** Values of one thing over time: each holds until the next. */
export interface Series {
  name: string;
  /** 'kHz', 'J', 'calls'... */
  unit: string;
  /** A total that only grows: its rate is what is looked at. */
  total: boolean;
  /** ns since the recording began. */
  times: number[];
  values: number[];
}

export interface RecordedExit {
  kind: string;
  reason: string;
  message: string;
  /** file:line, '' if it is not known. */
  where: string;
  /** ns since the recording began. */
  at: number;
}

/** What is known before the first event. */
export interface RecordingHead {
  /** The sched_ext scheduler, or DEFAULT_SCHEDULER. */
  scheduler: string;
  origin: 'kernel' | 'model';
  /** Its release. */
  kernel: string;
  cpus: RecordedCpu[];
  /** Values of the scheduler's config. */
  config: Record<string, string>;
  /** The program, where a page is to show it. */
  source?: { name: string; text: string };
}

/** What is known at the end. */
export interface RecordingTail {
  /** ns. */
  length: number;
  tasks: RecordedTask[];
  queues: string[];
  lines: string[];
  callbacks: string[];
  series: Series[];
  /** Events that there was no room for. */
  dropped: number;
  exit: RecordedExit | undefined;
}

/** Everything that was recorded: of a real kernel, of the model kernel, or read from a file. */
export interface Recording extends RecordingHead, RecordingTail {
  events: Events;
  /** Its file ended too early: what is here is not all. */
  cut: boolean;
}

/** Numbers for texts, in the order in which they first come. */
export class Numbering {
  readonly texts: string[] = [];
  private readonly numbers = new Map<string, number>();

  of(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) {
      number = this.texts.length;
      this.numbers.set(text, number);
      this.texts.push(text);
    }
    return number;
  }
}

/** A recording of nothing, to be filled. */
export function emptyRecording(head: Partial<RecordingHead> = {}): Recording {
  return {
    ...{ scheduler: '', origin: 'kernel', kernel: '', cpus: [], config: {}, ...head },
    ...{ length: 0, tasks: [], queues: [], lines: [], callbacks: [], series: [], dropped: 0 },
    ...{ exit: undefined, events: new Events(), cut: false },
  };
}
