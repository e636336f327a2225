/**
 * What a terminal acts on instead of showing it, and what changes the order in which text is read: control characters (C0, DEL, C1) but for
 * tabs and line ends, the marks for right-to-left text, separators of lines that only some programs know.
 */

const ACTIVE =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/** U+2400 and up: pictures of the control characters. */
const PICTURES = 0x2400;
const DEL = 0x7f;

/**
 * Text that came from outside (an object file, the kernel, another process) as it may be printed: every character that would do something
 * is replaced by one that shows it, `\x1b` by `␛`, so that columns stay as they are. Lines and tabs stay.
 */
export function printable(text: string): string {
  return text.replace(ACTIVE, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(PICTURES + code);
    return code === DEL ? '\u2421' : '\ufffd';
  });
}

/** The same on one line. */
export function printableLine(text: string): string {
  return printable(text).replace(/[\n\t]/g, (c) => String.fromCharCode(PICTURES + c.charCodeAt(0)));
}

/**
 * JSON, on one line unless it is indented, whose texts do nothing to a terminal, and are the same when it is parsed. A bigint becomes a
 * string.
 */
export function printableJson(value: unknown, indent?: number): string {
  const plain = (_key: string, v: unknown): unknown => (typeof v === 'bigint' ? String(v) : v);
  const text = JSON.stringify(value, plain, indent);
  return text.replace(
    ACTIVE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
