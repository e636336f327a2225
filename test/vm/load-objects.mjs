// Runs in the guest: loads every object given, prints what the kernel said of each as JSON.
import { openObject } from '../../dist/native/runtime/index.js';

for (const path of process.argv.slice(2)) {
  const result = { path, ok: true, warnings: [] };
  try {
    const loaded = openObject(path).load({ onWarning: (text) => result.warnings.push(text) });
    loaded[Symbol.dispose]();
  } catch (error) {
    result.ok = false;
    result.error = error.message;
    result.log = (error.log ?? '').split('\n').slice(-60).join('\n');
  }
  console.log(JSON.stringify(result));
}
