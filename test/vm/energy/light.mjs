// Wakes up every few milliseconds, does next to nothing and sleeps again.
const every = Number(process.argv[2] ?? 40);
let n = 0;
setInterval(() => {
  n += 1;
}, every);
process.stdout.write('ready\n');
