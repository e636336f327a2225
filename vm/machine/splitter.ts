/**
 * Finds the marker that ends a command's output in a stream of chunks. Passes on what is output, at
 * once except for a tail that may be the beginning of the marker.
 */
export class MarkerSplitter {
  #held: Buffer = Buffer.alloc(0);
  readonly #marker: Buffer;

  constructor(
    nonce: string,
    private readonly onData: (chunk: Buffer) => void,
    private readonly onMarker: () => void,
  ) {
    this.#marker = Buffer.from(`\x01${nonce}\x01`);
  }

  push(chunk: Buffer): void {
    let data = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk;
    for (let at = data.indexOf(this.#marker); at >= 0; at = data.indexOf(this.#marker)) {
      if (at > 0) this.onData(data.subarray(0, at));
      data = data.subarray(at + this.#marker.length);
      this.onMarker();
    }
    const keep = this.#beginning(data);
    if (keep < data.length) this.onData(data.subarray(0, data.length - keep));
    this.#held = Buffer.from(data.subarray(data.length - keep));
  }

  /** What was held back, when no more will come. */
  flush(): void {
    if (this.#held.length > 0) this.onData(this.#held);
    this.#held = Buffer.alloc(0);
  }

  /** Length of the tail of `data` that is a beginning of the marker. */
  #beginning(data: Buffer): number {
    for (let n = Math.min(this.#marker.length - 1, data.length); n > 0; n--) {
      if (data.subarray(data.length - n).equals(this.#marker.subarray(0, n))) return n;
    }
    return 0;
  }
}
