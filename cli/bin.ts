#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import module from 'node:module';
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

// From Node.js 22.8 on compiled code is kept: loading the TypeScript compiler takes half the time.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();

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

await program.parseAsync();
