import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ts } from 'ts-morph';
import { tooDeep } from '../diagnostics/catalogue/files.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Span } from '../ir/span.js';

/**
 * Levels of syntax that are compiled. TypeScript's own passes recurse on them, as those of scxts do: with Node's usual stack they
 * get to some 900.
 */
const DEEPEST = 500;

/** A node that is deeper than what can be compiled. Walks without recursion, since that is the point. */
export function deepNode(file: ts.SourceFile): ts.Node | undefined {
  const left: [node: ts.Node, depth: number][] = [[file, 0]];
  for (let next = left.pop(); next; next = left.pop()) {
    const [node, depth] = next;
    if (depth > DEEPEST) return node;
    ts.forEachChild(node, (child) => void left.push([child, depth + 1]));
  }
  return undefined;
}

/** Whether this is what Node throws where something recurses too deeply. */
export function isOverflow(error: unknown): boolean {
  return error instanceof RangeError && /call stack/.test(error.message);
}

/** What to say where even TypeScript's parser gave up on a file or on one that it imports, from their tokens alone. */
export function tooDeepInText(path: string): Diagnostic {
  const deepest = [...reachable(path)]
    .map(([file, text]) => ({ file, text, ...deepestToken(text) }))
    .sort((a, b) => b.depth - a.depth)[0];
  if (!deepest) return tooDeep(undefined);
  const { file, text, start } = deepest;
  const line = text.slice(0, start).split('\n').length;
  return tooDeep({ file, start, end: start + 1, line } satisfies Span);
}

/** The texts of a file and of all that it imports by relative paths. */
function reachable(path: string): Map<string, string> {
  const texts = new Map<string, string>();
  const left = [path];
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    if (texts.has(file)) continue;
    const text = textOf(file);
    if (text === undefined) continue;
    texts.set(file, text);
    for (const { fileName } of ts.preProcessFile(text).importedFiles)
      if (fileName.startsWith('.'))
        left.push(resolve(dirname(file), fileName.replace(/\.([mc]?)js$/, '.$1ts')));
  }
  return texts;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // An import that is not there has an error of its own.
    return undefined;
  }
}

const OPENS = new Set([
  ts.SyntaxKind.OpenParenToken,
  ts.SyntaxKind.OpenBraceToken,
  ts.SyntaxKind.OpenBracketToken,
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.TemplateHead,
]);
const CLOSES = new Set([
  ts.SyntaxKind.CloseParenToken,
  ts.SyntaxKind.CloseBraceToken,
  ts.SyntaxKind.CloseBracketToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.TemplateTail,
]);
/** What makes a level of a chain without brackets, which ends with the statement. */
const LINKS = new Set([
  ts.SyntaxKind.QuestionToken,
  ts.SyntaxKind.ElseKeyword,
  ts.SyntaxKind.ExclamationToken,
  ts.SyntaxKind.TildeToken,
  ts.SyntaxKind.MinusToken,
  ts.SyntaxKind.PlusToken,
  ts.SyntaxKind.EqualsToken,
  ts.SyntaxKind.ColonToken,
]);

/** Where brackets, or what else nests in one statement, are deepest. */
function deepestToken(text: string): { depth: number; start: number } {
  const scanner = ts.createScanner(ts.ScriptTarget.ES2022, true, ts.LanguageVariant.Standard, text);
  let brackets = 0;
  let links = 0;
  let deepest = { depth: 0, start: 0 };
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (OPENS.has(token)) brackets++;
    else if (CLOSES.has(token)) brackets = Math.max(0, brackets - 1);
    else if (LINKS.has(token)) links++;
    else if (token === ts.SyntaxKind.SemicolonToken && brackets < 4) links = 0;
    const depth = brackets + links;
    if (depth > deepest.depth) deepest = { depth, start: scanner.getTokenStart() };
  }
  return deepest;
}
