/** A queue of things by time; of equal times, what came first is first. */
export class Heap<T> {
  readonly #items: { readonly at: number; readonly order: number; readonly value: T }[] = [];
  #order = 0;

  /** Time of the first; `Infinity` when there is none. */
  get next(): number {
    return this.#items[0]?.at ?? Infinity;
  }

  push(at: number, value: T): void {
    const items = this.#items;
    const item = { at, order: this.#order++, value };
    let index = items.length;
    items.push(item);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(item, items[parent]!)) break;
      items[index] = items[parent]!;
      index = parent;
    }
    items[index] = item;
  }

  pop(): T | undefined {
    const items = this.#items;
    const top = items[0];
    if (top === undefined) return undefined;
    const last = items.pop()!;
    if (items.length === 0) return top.value;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && before(items[child + 1]!, items[child]!)) child += 1;
      if (!before(items[child]!, last)) break;
      items[index] = items[child]!;
      index = child;
    }
    items[index] = last;
    return top.value;
  }
}

function before(
  a: { readonly at: number; readonly order: number },
  b: { readonly at: number; readonly order: number },
): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
