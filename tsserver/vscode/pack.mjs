// `npm run vscode`: the extension as scxts.vsix, which is a zip of the files below. Takes the folder to write it to.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';

const folder = import.meta.dirname;
const compiled = join(folder, '../../dist/tsserver/vscode');
const out = process.argv[2] ?? join(folder, '../../.cache');
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const bytes = (text) => new TextEncoder().encode(text);
const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');

const { name, publisher, version, displayName, description, engines, categories } = manifest;
const files = {
  'extension.vsixmanifest': bytes(`<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="${name}" Version="${version}" Publisher="${publisher}"/>
    <DisplayName>${escaped(displayName)}</DisplayName>
    <Description xml:space="preserve">${escaped(description)}</Description>
    <Categories>${escaped(categories.join(','))}</Categories>
    <Properties>
      <Property Id="Microsoft.VisualStudio.Code.Engine" Value="${escaped(engines.vscode)}"/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionKind" Value="${escaped(manifest.extensionKind.join(','))}"/>
    </Properties>
    <License>extension/LICENSE.txt</License>
  </Metadata>
  <Installation>
    <InstallationTarget Id="Microsoft.VisualStudio.Code"/>
  </Installation>
  <Dependencies/>
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.Details" Path="extension/README.md" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.License" Path="extension/LICENSE.txt" Addressable="true"/>
  </Assets>
</PackageManifest>
`),
  '[Content_Types].xml': bytes(`<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
  <Default Extension="json" ContentType="application/json"/>
  <Default Extension="cjs" ContentType="application/javascript"/>
  <Default Extension="md" ContentType="text/markdown"/>
  <Default Extension="txt" ContentType="text/plain"/>
  <Default Extension="vsixmanifest" ContentType="text/xml"/>
</Types>
`),
};
for (const file of ['package.json', 'snippets.json', 'README.md'])
  files[`extension/${file}`] = readFileSync(join(folder, file));
for (const file of ['extension.cjs', 'commands.cjs'])
  files[`extension/${file}`] = readFileSync(join(compiled, file));
files['extension/LICENSE.txt'] = ['MIT', 'APACHE']
  .map((kind) => readFileSync(join(folder, `../../LICENSE-${kind}`)))
  .reduce((a, b) => Buffer.concat([a, Buffer.from('\n'), b]));
// tsserver looks for a plugin of this name in the extension's node_modules.
const plugin = 'extension/node_modules/scxts/tsserver';
files[`${plugin}/index.cjs`] = readFileSync(join(compiled, 'plugin.cjs'));
files[`${plugin}/package.json`] = bytes(
  `${JSON.stringify({ private: true, type: 'commonjs', main: './index.cjs' }, null, 2)}\n`,
);

mkdirSync(out, { recursive: true });
const path = join(out, `${name}.vsix`);
writeFileSync(path, zipSync(files, { mtime: '1980-01-01T00:00:00Z' }));
console.log(`${path}: install it with code --install-extension ${path}`);
