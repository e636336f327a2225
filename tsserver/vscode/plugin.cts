import type * as tslib from 'typescript/lib/tsserverlibrary';
import modules = require('node:module');
import path = require('node:path');

type Factory = tslib.server.PluginModuleFactory;

/**
 * What the editor's own TypeScript loads as `scxts/tsserver`: the plugin of the scxts that the project has installed, so that the
 * editor says what that one's command line says. A project without scxts is left as it is.
 */
const bridge: Factory = (editor) => ({
  create(info) {
    const { project, languageService } = info;
    const at = path.join(project.getCurrentDirectory(), 'package.json');
    try {
      const require = modules.createRequire(at);
      // The folder of the plugin, which the exports of the package do not name.
      const scxts = path.dirname(require.resolve('scxts/package.json'));
      const factory = require(path.join(scxts, 'tsserver')) as Factory;
      return factory(editor).create(info);
    } catch (error) {
      project.projectService.logger.info(`scxts: ${String(error)}`);
      return languageService;
    }
  },
});

export = bridge;
