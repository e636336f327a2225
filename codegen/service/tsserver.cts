import type * as tslib from 'typescript/lib/tsserverlibrary';
import type { CheckSession } from '../index.js' with { 'resolution-mode': 'import' };

/** Only files that use the language are scxts's to judge; the user-space half imports scxts/runtime. */
const IMPORTS_LANGUAGE = /from\s*['"]scxts['"]/;

type Plugin = tslib.server.PluginModuleFactory;

/**
 * The plugin of tsserver: scxts's own diagnostics beside TypeScript's, of what is in the editor, saved or not.
 * `"plugins": [{ "name": "scxts/tsserver" }]` in the compilerOptions of tsconfig.json.
 */
const plugin: Plugin = ({ typescript: ts }) => ({
  create(info) {
    const { languageService, languageServiceHost, project } = info;
    let session: CheckSession | undefined;
    // The compiler is a module of another kind, which loads in its own time.
    void import('../index.js').then(
      (compiler) => {
        session = new compiler.CheckSession();
        project.refreshDiagnostics();
      },
      (error: unknown) => project.projectService.logger.info(`scxts: ${String(error)}`),
    );

    const own = (fileName: string): tslib.Diagnostic[] => {
      const file = languageService.getProgram()?.getSourceFile(fileName);
      const snapshot = languageServiceHost.getScriptSnapshot(fileName);
      if (!session || !file || !snapshot || file.isDeclarationFile) return [];
      const text = snapshot.getText(0, snapshot.getLength());
      if (!IMPORTS_LANGUAGE.test(text)) return [];
      // A file that others import has no scheduler of its own to export.
      const isModule = !/export\s+default\b/.test(text);
      return session
        .check(fileName, text)
        .diagnostics.filter(
          (d) =>
            d.code.startsWith('SCX') &&
            d.span?.file === fileName &&
            !(isModule && d.code === NO_SCHEDULER),
        )
        .map((d) => ({
          file,
          start: d.span?.start ?? 0,
          length: (d.span?.end ?? 1) - (d.span?.start ?? 0),
          messageText: d.hint ? `${d.message}\n${d.hint}` : d.message,
          category:
            d.severity === 'error' ? ts.DiagnosticCategory.Error : ts.DiagnosticCategory.Warning,
          code: Number(d.code.slice(3)),
          source: 'scxts',
        }));
    };

    const proxy = Object.create(null) as Record<string, unknown>;
    for (const [name, value] of Object.entries(languageService)) proxy[name] = value;
    proxy['getSemanticDiagnostics'] = (fileName: string): tslib.Diagnostic[] => {
      const found = languageService.getSemanticDiagnostics(fileName);
      try {
        return [...found, ...own(fileName)];
      } catch (error) {
        project.projectService.logger.info(`scxts: ${String(error)}`);
        return found;
      }
    };
    return proxy as unknown as tslib.LanguageService;
  },
});

/** noDefaultExport in diagnostics/catalogue/files.ts. */
const NO_SCHEDULER = 'SCX0004';

export = plugin;
