// `npm run build:native`: builds the addon with cmake-js, or does nothing if it is newer than its
// sources. `--asan` builds one with AddressSanitizer in native/build-asan; `--prebuilt [x64|arm64]` one for other machines, with libbpf,
// libelf and zlib linked in, in prebuilds/linux-ARCH-glibc, and their licences beside it.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const kind = ['asan', 'prebuilt'].find((k) => process.argv.includes(`--${k}`));
const arch = process.argv.find((a) => /^(x64|arm64)$/.test(a)) ?? process.arch;
const out = kind === 'prebuilt' ? `build-prebuilt/${arch}` : kind ? `build-${kind}` : 'build';
const addon = join(here, out, 'Release', 'scxts_native.node');
const sources = [
  ...readdirSync(join(here, 'src')).map((f) => join(here, 'src', f)),
  join(here, 'CMakeLists.txt'),
  join(here, 'package.json'),
];

// CMake goes on in the folder that it began in: after a checkout was moved or copied, that is another one.
const cache = join(here, out, 'CMakeCache.txt');
const begun = existsSync(cache)
  ? /^CMAKE_HOME_DIRECTORY:INTERNAL=(.*)$/m.exec(readFileSync(cache, 'utf8'))?.[1]
  : undefined;
if (begun !== undefined && begun !== here) rmSync(join(here, out), { recursive: true });

const archives = join(here, 'build-prebuilt', `archives-${arch}`);
const triple = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }[arch];

function prebuiltArguments() {
  const { status } = spawnSync(join(here, 'prebuild', 'archives'), [arch, archives], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(1);
  const other = arch === process.arch ? [] : [`--CDCMAKE_SYSTEM_NAME=Linux`];
  return [
    `--CDSCXTS_ARCHIVES=${archives}`,
    `--CDCMAKE_CXX_COMPILER=${triple}-g++`,
    '--arch',
    arch,
    ...other,
  ];
}

/**
 * Whatever is not in it has to come from Node.js or glibc: lazy binding would hide it until it is called. All of them are bound at once where
 * this machine can load it.
 */
function checkSymbols(file) {
  const { stdout } = spawnSync(`${triple}-nm`, ['-D', '--undefined-only', file], {
    encoding: 'utf8',
  });
  const missing = stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([kind, name]) => kind === 'U' && !/^napi_|^node_api_|@GLIBC_/.test(name))
    .map(([, name]) => name);
  if (stdout === '' || missing.length > 0)
    throw new Error(`${file} lacks ${missing.join(', ') || 'a list of what it lacks'}`);
  if (arch !== process.arch) return;
  const { status, stderr } = spawnSync(
    process.execPath,
    ['-e', `require(${JSON.stringify(file)})`],
    { encoding: 'utf8', env: { ...process.env, LD_BIND_NOW: '1' } },
  );
  if (status !== 0) throw new Error(stderr);
}

const built = existsSync(addon) ? statSync(addon).mtimeMs : 0;
const isFresh = sources.every((f) => statSync(f).mtimeMs <= built);
if (!isFresh || process.argv.includes('--force')) {
  const cli = createRequire(import.meta.url).resolve('cmake-js/bin/cmake-js');
  const args = [cli, 'build', '--directory', here, '--out', join(here, out), '--loglevel', 'warn'];
  if (kind === 'asan') args.push('--CDSCXTS_ASAN=ON');
  if (kind === 'prebuilt') args.push(...prebuiltArguments());
  const { status, error } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (error || status !== 0) {
    console.error(
      'error: the native addon does not build; it needs g++, cmake, make, pkg-config and libbpf-dev 1.4.2 or later',
    );
    process.exit(1);
  }
}
if (kind === 'prebuilt') {
  const folder = join(here, '..', 'prebuilds', `linux-${arch}-glibc`);
  mkdirSync(folder, { recursive: true });
  copyFileSync(addon, join(folder, 'scxts_native.node'));
  cpSync(join(archives, 'licences'), join(folder, 'licences'), { recursive: true });
  checkSymbols(join(folder, 'scxts_native.node'));
}
