/** A file's name as a comment of one line may show it: names may hold line breaks. */
export function inComment(name: string): string {
  return name.replace(/[\0-\x1f\x7f\u2028\u2029]/g, '?');
}
