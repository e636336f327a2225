import type { Recording } from '../../../../sim/view/recording.js';
import type { GroupReport } from '../../../../sim/report/report.js';
import type { SimulateOptions } from '../../../../sim/run/options.js';
import type { ConfigVariable } from '../../../../sim/run/config.js';

/** What the page asks of its worker: one run in the model kernel. */
export interface Ask {
  number: number;
  name: string;
  /** Null: the kernel's own scheduler. */
  object: Uint8Array | null;
  options: SimulateOptions;
  /** Where the page is: types of kernels are fetched from there. */
  base: string;
}

/** What a run showed. */
export interface Told {
  number: number;
  recording?: Recording;
  groups?: readonly GroupReport[];
  findings?: readonly string[];
  output?: readonly string[];
  /** Instructions by line. */
  lines?: readonly { file: string; line: number; instructions: number }[];
  config?: readonly ConfigVariable[];
  exit?: { error: boolean; kindName: string; reason: string; message: string; where: string };
  hash?: string;
  milliseconds?: number;
  error?: { message: string; hint: string; where: string };
}
