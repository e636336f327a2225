import type { Command } from 'commander';
import { report } from '../load/failure.js';
import { complain, print } from '../terminal.js';

export function registerPlay(program: Command): void {
  program
    .command('play')
    .description('edit a scheduler in the browser and see at once what it does in the model kernel')
    .argument('[file]', 'a scheduler to edit; the examples are in the menu of the page')
    .option('--port <port>', 'on the loopback address; one that is free if not given')
    .action((file: string | undefined, options: { port?: string }) =>
      report(async () => {
        const { portOf } = await import('../view/local-server.js');
        const port = portOf(options.port, '--port');
        const { startPlay } = await import('../play/play.js');
        const { Stop } = await import('../load/stop.js');
        using stop = new Stop();
        await using server = await startPlay(file, port);
        print(`${server.url}\n`);
        complain('Open this address in a browser of this machine. Ctrl-C ends it.\n');
        await new Promise((resolve) => stop.signal.addEventListener('abort', resolve));
        return 0;
      }, 'scxts play'),
    );
}
