#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { registerBuild } from './commands/build.js';
import { registerCheck } from './commands/check.js';
import { registerInit } from './commands/init.js';
import { registerLoad } from './commands/load.js';
import { registerRun } from './commands/run.js';
import { registerTypes } from './commands/types.js';
import { registerDoctor } from './commands/doctor.js';
import { registerStatus } from './commands/status.js';
import { registerStop } from './commands/stop.js';
import { registerTrace } from './commands/trace.js';
import { registerSim } from './commands/sim.js';
import { registerVm } from './commands/vm.js';
import { failureText } from './load/failure.js';
import { watchStreams } from './streams.js';
import { complain } from './terminal.js';

watchStreams();

// From Node.js 22.8 on compiled code is kept: loading the TypeScript compiler takes half the time. In a folder of the user's own: Node's
// own choice is in the folder of temporary files, where anybody could have put code that root then runs.
(module as { enableCompileCache?: (folder: string) => unknown }).enableCompileCache?.(
  join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'scxts', 'compiled'),
);

// Each command registers itself here and imports what it needs only when it runs, so that
// `scxts --help` and `scxts load x.bpf.o` never pay for the TypeScript compiler.
const packageJson = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string };

const program = new Command('scxts')
  .description('Write, test and run Linux sched_ext schedulers in TypeScript')
  .version(packageJson.version)
  .enablePositionalOptions();

registerInit(program);
registerCheck(program);
registerBuild(program);
registerLoad(program);
registerRun(program);
registerTypes(program);
registerStatus(program);
registerStop(program);
registerTrace(program);
registerSim(program);
registerDoctor(program);
registerVm(program);

try {
  // What is gone here would be an error in the middle of anything else.
  process.cwd();
  await program.parseAsync();
} catch (error) {
  complain(failureText(error));
  process.exitCode = 1;
}
