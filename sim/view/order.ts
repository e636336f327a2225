/** Rows of one key together, in the order that they had: rows of key k are numbers[first[k]] to numbers[first[k + 1] - 1]. */
export interface Order {
  first: Int32Array;
  numbers: Int32Array;
}

export function orderBy(keys: ArrayLike<number>, length: number, count: number): Order {
  const first = new Int32Array(count + 1);
  for (let i = 0; i < length; i++) first[keys[i]! + 1]!++;
  for (let k = 0; k < count; k++) first[k + 1]! += first[k]!;
  const next = first.slice();
  const numbers = new Int32Array(length);
  for (let i = 0; i < length; i++) numbers[next[keys[i]!]!++] = i;
  return { first, numbers };
}

/** The first place from `low` on, below `high`, whose value is above `value`; `high` if there is none. */
export function upperBound(
  values: ArrayLike<number>,
  value: number,
  low = 0,
  high = values.length,
): number {
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
