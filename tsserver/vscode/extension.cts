import vscode = require('vscode');
import commands = require('./commands.cjs');

/** Each command saves the file and runs scxts on it as a task, whose errors go to the list of problems. */
async function run(id: string): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  const folder = document && vscode.workspace.getWorkspaceFolder(document.uri);
  if (!document || !folder || document.isUntitled) {
    void vscode.window.showErrorMessage('scxts: open a scheduler of the workspace, and save it');
    return;
  }
  await document.save();
  const settings = vscode.workspace.getConfiguration('scxts', document.uri);
  const { title, line } = commands.startedBy(
    id,
    vscode.workspace.asRelativePath(document.uri, false),
    {
      command: settings.get('command', 'npx scxts'),
      kernel: settings.get('vm.kernel', ''),
      seconds: settings.get('vm.seconds', 10),
    },
  );
  const execution = new vscode.ShellExecution(line, {
    cwd: folder.uri.fsPath,
    env: { NO_COLOR: '1' },
  });
  const task = new vscode.Task({ type: 'scxts', id }, folder, title, 'scxts', execution, '$scxts');
  task.presentationOptions = { clear: true };
  await vscode.tasks.executeTask(task);
}

function activate(context: vscode.ExtensionContext): void {
  for (const id of Object.keys(commands.COMMANDS))
    context.subscriptions.push(vscode.commands.registerCommand(id, () => run(id)));
}

export = { activate };
