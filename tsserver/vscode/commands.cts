/** What the commands of the extension start, apart from the editor. */
interface Settings {
  /** How scxts is started: 'npx scxts'. */
  command: string;
  /** Of the virtual machine; '' is scxts's choice. */
  kernel: string;
  seconds: number;
}

interface Started {
  title: string;
  /** For a shell of POSIX. */
  line: string;
}

/** One word for the shell, whatever is in it. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;

type Make = (file: string, settings: Settings) => string[];

const COMMANDS: Readonly<Record<string, { title: string; words: Make }>> = {
  'scxts.check': { title: 'check', words: (file) => ['check', file] },
  'scxts.build': { title: 'build', words: (file) => ['build', file] },
  'scxts.sim': { title: 'model kernel', words: (file) => ['sim', file] },
  'scxts.vm': {
    title: 'virtual machine',
    words: (file, { kernel, seconds }) => [
      ...['vm', ...(kernel === '' ? [] : ['--kernel', kernel]), '--'],
      ...['scxts', 'load', file, '--duration', String(seconds)],
    ],
  },
};

/** `file` is relative to the folder in which it is started, so that virtual machines find it too. */
function startedBy(id: string, file: string, settings: Settings): Started {
  const { title, words } = COMMANDS[id]!;
  return { title, line: [settings.command, ...words(file, settings).map(quoted)].join(' ') };
}

export = { COMMANDS, quoted, startedBy };
