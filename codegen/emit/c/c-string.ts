const NAMED: Record<string, string> = { '\n': '\\n', '\t': '\\t', '"': '\\"', '\\': '\\\\' };

/**
 * What stands between the quotes of a C string of this text. Other control characters are three octal digits, which
 * end there whatever follows, as `\x1` does not; the second of two question marks is escaped, since C had trigraphs.
 */
export function cString(text: string): string {
  // Half of a surrogate pair becomes U+FFFD.
  return Buffer.from(text)
    .toString()
    .replace(/["\\\n\t]/g, (c) => NAMED[c] ?? c)
    .replace(/[\0-\x1f\x7f]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`)
    .replace(/\?(?=\?)/g, '?\\');
}
