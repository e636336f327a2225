// npm's install script: makes sure that there is an addon that loads, building one where no prebuilt one
// fits. It never fails the installation: scxts check, build and vm need no addon.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const isCheckout = existsSync(join(root, '.git'));
const platform = `linux-${process.arch}-glibc`;

/** In this package, or in the optional one of this platform. */
function prebuilt() {
  const own = join(root, 'prebuilds', platform, 'scxts_native.node');
  if (existsSync(own)) return own;
  try {
    return createRequire(import.meta.url).resolve(`scxts-${platform}/scxts_native.node`);
  } catch {
    return undefined;
  }
}

function loads(path) {
  try {
    createRequire(import.meta.url)(path);
    return true;
  } catch {
    return false;
  }
}

/** What the build needs and is not there. */
function missing() {
  const has = (command, args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
  const out = [];
  if (!has('g++', ['--version']) && !has('c++', ['--version'])) out.push('g++');
  if (!has('cmake', ['--version'])) out.push('cmake');
  if (!has('make', ['--version']) && !has('ninja', ['--version'])) out.push('make');
  if (!has('pkg-config', ['--version'])) out.push('pkg-config');
  else if (!has('pkg-config', ['--atleast-version=1.4.2', 'libbpf']))
    out.push('libbpf-dev 1.4.2 or later (Debian 12: bookworm-backports)');
  return out;
}

function explain(reason) {
  console.error(
    `scxts: ${reason}\n` +
      'scxts: check, build and vm work without the native addon; load, status, stop and the runtime do not.\n' +
      'scxts: `npx scxts doctor` says what to install here; then: npm rebuild scxts',
  );
}

// In a checkout .ci/setup installs what is needed first and builds then.
if (!isCheckout && !loads(prebuilt())) {
  const needed = missing();
  if (needed.length > 0) explain(`the native addon was not built, missing: ${needed.join(', ')}`);
  else {
    const build = join(root, 'native', 'build.mjs');
    const { status } = spawnSync(process.execPath, [build], { stdio: 'inherit' });
    if (status !== 0) explain('the native addon does not build');
  }
}
