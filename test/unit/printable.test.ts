import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from '../../codegen/diagnostics/frame.js';
import { ScxtsError } from '../../native/runtime/index.js';
import { printable, printableJson, printableLine } from '../../native/runtime/printable.js';

/** Everything that a terminal could act on. */
const ACTIVE = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

describe('text of objects does nothing to a terminal', () => {
  it('each control character is shown as one character that does nothing', () => {
    for (let code = 0; code < 0x3000; code++) {
      const text = printable(`a${String.fromCharCode(code)}b`);
      expect(text).toHaveLength(3);
      expect(text).not.toMatch(ACTIVE);
    }
    expect(printable('\x1b]0;title\x07 \x9b31m \u202egnp.exe')).toBe('␛]0;title␇ �31m �gnp.exe');
    expect(printable('tab\tline\nüñí 漢字 🙂')).toBe('tab\tline\nüñí 漢字 🙂');
    expect(printableLine('a\nb\tc')).toBe('a␊b␉c');
  });

  it('JSON is the same value, and does nothing either', () => {
    const value = { text: '\x1b[2J\x9b2J\x7f\u2028\u202e', list: ['\n'] };
    const text = printableJson(value);
    expect(text).not.toMatch(ACTIVE);
    expect(JSON.parse(text)).toEqual(value);
  });

  it('errors', () => {
    const error = new ScxtsError('ERR_LOAD', 'no \x1b[2J', { hint: '\x9bx', log: '\x1bc\nnext' });
    expect([error.message, error.hint, error.log]).toEqual(['no ␛[2J', '�x', '␛c\nnext']);
    expect(error.stack).not.toMatch(ACTIVE);
  });

  it('diagnostics, and the lines of source that they show; the carets stay where they are', () => {
    const source = "const a = '\x1b[2J\x9b';\n";
    const start = source.indexOf("';");
    const shown = formatDiagnostic(
      {
        code: 'SCX1',
        severity: 'error',
        message: 'no \x1b[31m',
        hint: '\x1b]0;x\x07',
        span: { file: '/x/\x1b[2J.ts', start, end: start + 1, line: 1 },
      },
      () => source,
    );
    expect(shown).not.toMatch(ACTIVE);
    const [line, carets] = shown.split('\n').filter((l) => l.includes('|'));
    expect(line!.indexOf("';")).toBe(carets!.indexOf('^'));
  });
});
