// The plugin of tsserver as an editor loads it: from a project that `scxts init` wrote, by the TypeScript of that project.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const PATIENCE_MS = 60_000;

/** What tsserver says of a file that is open with `text` in it: scxts's own, as soon as there is some. `options`: more for tsserver. */
export async function editorDiagnostics(folder, file, text, options = []) {
  const server = spawn(
    process.execPath,
    [
      join(folder, 'node_modules/typescript/lib/tsserver.js'),
      '--disableAutomaticTypingAcquisition',
      ...options,
    ],
    { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] },
  );
  let seq = 0;
  const send = (command, args) =>
    server.stdin.write(
      JSON.stringify({ seq: ++seq, type: 'request', command, arguments: args }) + '\n',
    );
  const path = join(folder, file);
  try {
    return await new Promise((resolve, reject) => {
      const ask = setInterval(() => send('geterr', { files: [path], delay: 0 }), 1000);
      const late = setTimeout(
        () => reject(new Error(`tsserver shows nothing of scxts in ${file}`)),
        PATIENCE_MS,
      );
      createInterface({ input: server.stdout }).on('line', (line) => {
        if (!line.startsWith('{')) return;
        const { event, body } = JSON.parse(line);
        const found = event === 'semanticDiag' ? (body?.diagnostics ?? []) : [];
        const own = found.filter((d) => d.source === 'scxts');
        if (own.length === 0) return;
        clearInterval(ask);
        clearTimeout(late);
        resolve(own);
      });
      send('open', { file: path, fileContent: text });
    });
  } finally {
    server.kill();
  }
}

export async function checkEditor(folder, file) {
  const text = readFileSync(join(folder, file), 'utf8');
  const wrong = text.replace(/enqueue\(p, enq_flags\) \{/, '$&\n    throw 1;');
  assert.notEqual(wrong, text);
  const [first] = await editorDiagnostics(folder, file, wrong);
  assert.equal(first.code, 1004);
  assert.match(first.text, /throw/i);
}
