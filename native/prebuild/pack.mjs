// `npm run pack:all [-- FOLDER]`: the tarballs of a release in FOLDER (packages): scxts, and for each platform that has a prebuilt addon
// (`npm run prebuild`) a package with that, of which npm installs the one that fits.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const out = resolve(process.argv[2] ?? join(root, 'packages'));
const prebuilds = join(root, 'prebuilds');
const platforms = existsSync(prebuilds) ? readdirSync(prebuilds) : [];
if (platforms.length === 0) {
  console.error('error: there is no prebuilt addon\n  hint: npm run prebuild');
  process.exit(1);
}
mkdirSync(out, { recursive: true });
const work = mkdtempSync(join(tmpdir(), 'scxts-pack-'));
const pack = (folder, to, ...more) =>
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', to, ...more], {
    cwd: folder,
    encoding: 'utf8',
  }).trim();
const writeJson = (file, value) => writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);

try {
  const tarball = pack(root, work);
  execFileSync('tar', ['-xzf', join(work, tarball), '-C', work]);
  const main = join(work, 'package');
  rmSync(join(main, 'prebuilds'), { recursive: true, force: true });
  const manifest = JSON.parse(readFileSync(join(main, 'package.json'), 'utf8'));
  const { version, homepage, bugs, repository, engines } = manifest;
  manifest.optionalDependencies = {};
  for (const platform of platforms) {
    const [os, cpu, libc] = platform.split('-');
    const name = `scxts-${platform}`;
    const folder = join(work, name);
    mkdirSync(folder);
    copyFileSync(join(prebuilds, platform, 'scxts_native.node'), join(folder, 'scxts_native.node'));
    cpSync(join(prebuilds, platform, 'licences'), join(folder, 'licences'), { recursive: true });
    for (const file of ['LICENSE-APACHE', 'LICENSE-MIT'])
      copyFileSync(join(root, file), join(folder, file));
    writeJson(join(folder, 'package.json'), {
      ...{ name, version, description: `The native addon of scxts for ${platform}` },
      license: '(Apache-2.0 OR MIT) AND BSD-2-Clause AND LGPL-3.0-or-later AND Zlib',
      ...{ homepage, bugs, repository, engines, os: [os], cpu: [cpu], libc: [libc] },
      files: ['scxts_native.node', 'licences'],
    });
    console.log(join(out, pack(folder, out)));
    manifest.optionalDependencies[name] = version;
  }
  writeJson(join(main, 'package.json'), manifest);
  console.log(join(out, pack(main, out)));
} finally {
  rmSync(work, { recursive: true, force: true });
}
