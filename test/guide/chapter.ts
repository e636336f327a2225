// A chapter of the guide as its page tells it: the command that runs it, what that prints, and its picture.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  readLoad,
  reportText,
  simulate,
  simulateWithHalf,
  type Half,
  type MachineDescription,
  type Run,
  type SimulateOptions,
} from '../../sim/index.js';
import { pages, root } from './files.js';

export interface Chapter {
  page: string;
  text: string;
  /** Of examples/guide. */
  folder: string;
  /** The command whose output and picture are shown: the words behind `scxts sim`. */
  command: readonly string[];
  /** What the page shows of it. */
  output: string;
  picture: { file: string; title: string; from: number; to: number };
}

const OUTPUT = /^```text output\n([^]*?)^```/m;
const PICTURE = /!\[([^\]]*)\]\((pictures\/[\w-]+\.svg) "(\d+) ms to (\d+) ms"\)/;

export function readChapter(page: string): Chapter {
  const text = readFileSync(join(pages, page), 'utf8');
  const output = OUTPUT.exec(text);
  const drawn = PICTURE.exec(text);
  if (!output || !drawn) throw new Error(`${page} has no output, or no picture of it`);
  // Of several commands it is the last one before the output.
  const commands = [...text.slice(0, output.index).matchAll(/^scxts sim (.*)$/gm)];
  const command = commands.at(-1)![1]!.split(' ');
  return {
    ...{ page, text, command, output: output[1]! },
    folder: dirname(join(root, command[0]!)),
    picture: {
      file: join(pages, drawn[2]!),
      title: drawn[1]!,
      from: Number(drawn[3]),
      to: Number(drawn[4]),
    },
  };
}

/** Does what the command does. */
export async function runChapter({ command }: Chapter): Promise<Run> {
  const [file, ...rest] = command;
  const options: SimulateOptions & { trace: true } = { trace: true };
  let half: string | undefined;
  for (let i = 0; i < rest.length; i += 2) {
    const value = rest[i + 1]!;
    if (rest[i] === '--load') Object.assign(options, readLoad(join(root, value)));
    else if (rest[i] === '--cpus') options.machine = { cpus: Number(value) };
    else if (rest[i] === '--duration') options.duration = value as `${number}s`;
    else if (rest[i] === '--with') half = value;
    else if (rest[i] === '--machine')
      options.machine = JSON.parse(readFileSync(join(root, value), 'utf8')) as MachineDescription;
    else throw new Error(`the guide's commands have no ${rest[i]}`);
  }
  const scheduler = join(root, file!);
  if (half === undefined) return simulate(scheduler, options);
  const module = (await import(join(root, half))) as { default: Half };
  return simulateWithHalf(scheduler, { ...options, half: module.default });
}

/** What a page shows: the table of groups, the counters, and how it ended. */
export function shownOf(run: Run): string {
  const [title, ...parts] = reportText(run).split('\n\n');
  const starts = ['group', 'counter', 'energy:', `${run.scheduler} `];
  const shown = parts.filter((part) => starts.some((start) => part.startsWith(start)));
  return `${[title, ...shown].join('\n\n')}\n`;
}

/** The page with this output. */
export const withOutput = (text: string, output: string): string =>
  text.replace(OUTPUT, () => `\`\`\`text output\n${output}\`\`\``);

/** Programs of a chapter's folder, as text. */
export function programsOf(folder: string): string[] {
  return ['chapter.ts', 'half.ts']
    .map((name) => join(folder, name))
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, 'utf8'));
}
