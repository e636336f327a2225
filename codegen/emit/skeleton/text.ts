// Text of TypeScript, from names and words that may be anything.
import { ts } from 'ts-morph';
import { printable, printableJson } from '../../../native/runtime/printable.js';

/** A string literal in single quotes. */
export function quoted(text: string): string {
  const inner = printableJson(text).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'");
  return `'${inner}'`;
}

/** Words inside a comment: neither its end nor that of its line. */
export function comment(text: string): string {
  return printable(text.replace(/\*\//g, '* /').replace(/[\r\n\t\u2028\u2029]+/g, ' ')).trim();
}

/** Whether a variable can be called so anywhere, modules included. */
export function isIdentifier(name: string): boolean {
  const scanner = ts.createScanner(ts.ScriptTarget.ES2022, false);
  scanner.setText(name);
  return scanner.scan() === ts.SyntaxKind.Identifier && scanner.getTokenEnd() === name.length;
}

/** A name as a member of a literal or an interface. */
export function member(name: string): string {
  // Plain, it would set the prototype of an object literal.
  if (name === '__proto__') return "['__proto__']";
  return /^([A-Za-z_$][\w$]*|0|[1-9]\d*)$/.test(name) ? name : quoted(name);
}
