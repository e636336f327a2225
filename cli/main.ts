import { readFileSync } from 'node:fs';
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { packageRoot } from '../codegen/root.js';
import { failureText } from './load/failure.js';
import { watchStreams } from './streams.js';
import { complain } from './terminal.js';

watchStreams();

// From Node.js 22.8 on compiled code is kept: loading the TypeScript compiler takes half the time. In a folder of the user's own: Node's
// own choice is in the folder of temporary files, where anybody could have put code that root then runs.
(module as { enableCompileCache?: (folder: string) => unknown }).enableCompileCache?.(
  join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'scxts', 'compiled'),
);

type Register = (program: Command) => void;

// In the order of the help. Each registers itself, and imports what it needs only when it runs, so that `scxts load x.bpf.o` never pays for
// the TypeScript compiler.
const COMMANDS: Record<string, () => Promise<Register>> = {
  init: async () => (await import('./commands/init.js')).registerInit,
  check: async () => (await import('./commands/check.js')).registerCheck,
  build: async () => (await import('./commands/build.js')).registerBuild,
  load: async () => (await import('./commands/load.js')).registerLoad,
  run: async () => (await import('./commands/run.js')).registerRun,
  types: async () => (await import('./commands/types.js')).registerTypes,
  status: async () => (await import('./commands/status.js')).registerStatus,
  stop: async () => (await import('./commands/stop.js')).registerStop,
  top: async () => (await import('./commands/top.js')).registerTop,
  trace: async () => (await import('./commands/trace.js')).registerTrace,
  sim: async () => (await import('./commands/sim.js')).registerSim,
  play: async () => (await import('./commands/play.js')).registerPlay,
  doctor: async () => (await import('./commands/doctor.js')).registerDoctor,
  vm: async () => (await import('./commands/vm.js')).registerVm,
};

/** The commands that are needed: the one that is named, or all, for help and to say what there is. */
async function registerCommands(program: Command): Promise<void> {
  const named = process.argv[2] ?? '';
  const own = Object.hasOwn(COMMANDS, named) ? COMMANDS[named] : undefined;
  const all = await Promise.all((own ? [own] : Object.values(COMMANDS)).map((load) => load()));
  for (const register of all) register(program);
}

const packageJson = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
  version: string;
};

const program = new Command('scxts')
  .description('Write, test and run Linux sched_ext schedulers in TypeScript')
  .version(packageJson.version)
  .enablePositionalOptions();

try {
  // What is gone here would be an error in the middle of anything else.
  process.cwd();
  await registerCommands(program);
  await program.parseAsync();
} catch (error) {
  complain(failureText(error));
  process.exitCode = 1;
}
