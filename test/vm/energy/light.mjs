// Wakes up every few milliseconds, does as much as it is told (next to nothing otherwise) and sleeps again.
const [period = 40, rounds = 0] = process.argv.slice(2).map(Number);
let sum = 0;
setInterval(() => {
  for (let i = 0; i < rounds; i++) sum = (sum + i) | 0;
}, period);
process.stdout.write('ready\n');
