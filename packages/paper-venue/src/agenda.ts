/** Things to do later, in order of time and then of planning. */
export class Agenda {
  readonly #items: { readonly due: number; readonly seq: number; readonly run: (due: number) => void }[] = [];
  #seq = 0;

  next(): number | undefined {
    return this.#items[0]?.due;
  }

  plan(due: number, run: (due: number) => void): void {
    const seq = this.#seq++;
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#items[middle]!.due <= due) low = middle + 1;
      else high = middle;
    }
    this.#items.splice(low, 0, { due, seq, run });
  }

  /** Does the first thing. */
  runNext(): void {
    const first = this.#items.shift();
    first?.run(first.due);
  }
}
