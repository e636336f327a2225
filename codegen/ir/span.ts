/** Where in the TypeScript source something came from. Offsets are UTF-16 units, lines start at 1. */
export interface Span {
  file: string;
  start: number;
  end: number;
  line: number;
}
