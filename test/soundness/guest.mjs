// Runs in the guest as root: loads every object named, and prints a JSON line for each.
import { openObject } from '../../dist/native/runtime/index.js';

for (const path of process.argv.slice(2)) {
  try {
    openObject(path)
      .load({ onWarning: () => undefined })
      [Symbol.dispose]();
    console.log(JSON.stringify({ path, ok: true }));
  } catch (error) {
    console.log(JSON.stringify({ path, ok: false, error: String(error.message).slice(-3000) }));
  }
}
