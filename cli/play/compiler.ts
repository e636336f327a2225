import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ts, type Project } from 'ts-morph';
import { buildFile, createProject, diagnosticToJson } from '../../codegen/index.js';

/** A diagnostic as `scxts check --format json` gives it. */
export type JsonDiagnostic = ReturnType<typeof diagnosticToJson>;

export interface Compiled {
  ok: boolean;
  diagnostics: JsonDiagnostic[];
  /** The object in base64, where there is one. */
  object: string;
  milliseconds: number;
}

/** What an editor asks of a program: what is wrong with it, its object, what a name is, what could stand here. */
export class PlayCompiler implements Disposable {
  private readonly project: Project = createProject();
  private readonly folder = mkdtempSync(join(tmpdir(), 'scxts-play-'));
  /** One build after the other: they share the project. */
  private last: Promise<unknown> = Promise.resolve();

  compile(path: string, text: string): Promise<Compiled> {
    const next = this.last.then(() => this.build(path, text));
    this.last = next.catch(() => undefined);
    return next;
  }

  private async build(path: string, text: string): Promise<Compiled> {
    this.take(path, text);
    const { ok, objectPath, diagnostics, read, milliseconds } = await buildFile(path, {
      ...{ project: this.project, outDir: this.folder },
    });
    return {
      ok,
      diagnostics: diagnostics.map((d) => diagnosticToJson(d, read)),
      object: ok ? readFileSync(objectPath).toString('base64') : '',
      milliseconds: milliseconds.total,
    };
  }

  private take(path: string, text: string): ts.LanguageService {
    const known = this.project.getSourceFile(path);
    if (!known) this.project.createSourceFile(path, text, { overwrite: true });
    else if (known.getFullText() !== text) known.replaceWithText(text);
    return this.project.getLanguageService().compilerObject;
  }

  /** Markdown about what stands at a place; '' if nothing does. */
  hover(path: string, text: string, at: number): string {
    const info = this.take(path, text).getQuickInfoAtPosition(path, at);
    if (!info) return '';
    const parts = (of: ts.SymbolDisplayPart[] | undefined): string => ts.displayPartsToString(of);
    const tags = (info.tags ?? []).map((t) => `*@${t.name}* ${parts(t.text)}`);
    return [
      `\`\`\`ts\n${parts(info.displayParts)}\n\`\`\``,
      parts(info.documentation),
      ...tags,
    ].join('\n\n');
  }

  complete(path: string, text: string, at: number): { name: string; kind: string }[] {
    const found = this.take(path, text).getCompletionsAtPosition(path, at, {});
    return (found?.entries ?? []).map(({ name, kind }) => ({ name, kind }));
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
