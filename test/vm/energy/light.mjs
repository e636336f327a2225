// Wakes up every few milliseconds, does next to nothing and sleeps again.
setInterval(() => undefined, Number(process.argv[2] ?? 40));
process.stdout.write('ready\n');
