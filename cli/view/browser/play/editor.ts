import * as monaco from 'monaco-editor/editor/editor.api.js';
import 'monaco-editor/features/register.all.js';
import 'monaco-editor/languages/definitions/typescript/register.js';
import { h } from '../parts/dom.js';
import type { Server, ShownDiagnostic } from './server.js';

const OWNER = 'scxts';
/** Steps of the heat in the margin. */
const HEATS = 5;

/** The source, with what scxts says of it. */
export class Editor {
  readonly element = h('div', { class: 'editor', 'aria-label': 'Source' });
  private readonly editor: monaco.editor.IStandaloneCodeEditor;
  private readonly heat: monaco.editor.IEditorDecorationsCollection;
  name = '';

  constructor(
    private readonly server: Server,
    changed: () => void,
    save: () => void,
  ) {
    (globalThis as { MonacoEnvironment?: unknown }).MonacoEnvironment = {
      getWorker: () => new Worker(`${server.base}editor-worker.js`),
    };
    this.editor = monaco.editor.create(this.element, {
      ...{ language: 'typescript', automaticLayout: true, minimap: { enabled: false } },
      ...{ fontSize: 13, scrollBeyondLastLine: false, lineDecorationsWidth: 14, tabSize: 2 },
      ...{ fixedOverflowWidgets: true, ariaLabel: 'Source of the scheduler' },
    });
    this.heat = this.editor.createDecorationsCollection();
    this.editor.onDidChangeModelContent(changed);
    this.editor.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.KeyS, save);
    this.provide();
  }

  get text(): string {
    return this.editor.getValue();
  }

  open(name: string, text: string): void {
    this.name = name;
    this.editor.setValue(text);
    this.editor.setScrollTop(0);
  }

  set dark(dark: boolean) {
    monaco.editor.setTheme(dark ? 'vs-dark' : 'vs');
  }

  show(diagnostics: readonly ShownDiagnostic[]): void {
    const model = this.editor.getModel()!;
    monaco.editor.setModelMarkers(
      model,
      OWNER,
      diagnostics.map((d) => {
        const { line = 1, column = 1, endLine = 1, endColumn = 2 } = d.location ?? {};
        return {
          ...{ startLineNumber: line, startColumn: column },
          ...{ endLineNumber: endLine, endColumn: Math.max(endColumn, column + 1) },
          ...{
            code: d.code,
            source: OWNER,
            message: d.hint ? `${d.message}\n${d.hint}` : d.message,
          },
          severity:
            d.severity === 'error' ? monaco.MarkerSeverity.Error : monaco.MarkerSeverity.Warning,
        };
      }),
    );
  }

  /** Shows which lines take the instructions of a run. */
  warm(lines: readonly { file: string; line: number; instructions: number }[]): void {
    const own = lines.filter(({ file }) => file.split('/').at(-1) === this.name);
    const all = lines.reduce((n, l) => n + l.instructions, 0);
    const most = own.reduce((n, l) => Math.max(n, l.instructions), 1);
    this.heat.set(
      own.map(({ line, instructions }) => ({
        range: new monaco.Range(line, 1, line, 1),
        options: {
          linesDecorationsClassName: `heat heat${Math.ceil((instructions / most) * HEATS)}`,
          linesDecorationsTooltip: `${((instructions / all) * 100).toFixed(1)} % of the instructions (${instructions})`,
        },
      })),
    );
  }

  reveal(line: number): void {
    this.editor.revealLineInCenterIfOutsideViewport(line);
    this.editor.setPosition({ lineNumber: line, column: 1 });
  }

  private provide(): void {
    const at = (model: monaco.editor.ITextModel, position: monaco.Position) => ({
      ...{ name: this.name, text: model.getValue(), at: model.getOffsetAt(position) },
    });
    monaco.languages.registerHoverProvider('typescript', {
      provideHover: async (model, position) => {
        const { markdown } = await this.server.json<{ markdown: string }>(
          'hover',
          at(model, position),
        );
        return markdown ? { contents: [{ value: markdown }] } : null;
      },
    });
    monaco.languages.registerCompletionItemProvider('typescript', {
      triggerCharacters: ['.'],
      provideCompletionItems: async (model, position) => {
        const { entries } = await this.server.json<{ entries: { name: string; kind: string }[] }>(
          'complete',
          at(model, position),
        );
        const word = model.getWordUntilPosition(position);
        const { lineNumber: line } = position;
        const range = new monaco.Range(line, word.startColumn, line, word.endColumn);
        return {
          suggestions: entries.map(({ name, kind }) => ({
            ...{ label: name, insertText: name, range, detail: kind, kind: kindOf(kind) },
          })),
        };
      },
    });
  }
}

function kindOf(kind: string): monaco.languages.CompletionItemKind {
  const { CompletionItemKind: K } = monaco.languages;
  if (kind === 'function' || kind === 'method') return K.Function;
  if (kind === 'property') return K.Property;
  if (kind === 'interface' || kind === 'type') return K.Interface;
  if (kind === 'keyword') return K.Keyword;
  return kind === 'const' ? K.Constant : K.Variable;
}
