import { isAlias, isCollection, isNode, isPair, type Document } from "yaml";

/** Values that the aliases (`*name`) of one document may expand to; more is an attack, not a configuration. */
const MAX_ALIASES = 100;

/** An alias that cannot be expanded, and where it stands. */
export interface AliasProblem {
  readonly offset: number;
  readonly message: string;
}

/** The first alias of a document that has no anchor before it, stands within its own, or is one too many. */
export function aliasProblem(document: Document): AliasProblem | undefined {
  const walk = new AliasWalk();
  walk.weigh(document.contents);
  return walk.problem;
}

class AliasWalk {
  problem: AliasProblem | undefined;
  /** What an alias of each anchor comes to: itself and the aliases within. */
  readonly #weights = new Map<string, number>();
  #total = 0;

  /** What the aliases within a node expand to. */
  weigh(item: unknown): number {
    if (this.problem !== undefined) return 0;
    if (isPair(item)) return this.weigh(item.key) + this.weigh(item.value);
    if (!isNode(item)) return 0;
    if (isAlias(item)) return this.#alias(item.source, item.range?.[0] ?? 0);
    const { anchor } = item;
    // An anchor holds from the end of its node: within it, its name means nothing yet, or nothing any more.
    if (anchor !== undefined) this.#weights.delete(anchor);
    let weight = 0;
    if (isCollection(item)) for (const inner of item.items) weight += this.weigh(inner);
    if (anchor !== undefined) this.#weights.set(anchor, 1 + weight);
    return weight;
  }

  #alias(name: string, offset: number): number {
    const weight = this.#weights.get(name);
    this.#total += weight ?? 0;
    if (weight === undefined)
      this.problem = { offset, message: `there is no anchor &${name} before *${name}` };
    else if (this.#total > MAX_ALIASES) {
      this.problem = { offset, message: `the aliases up to here stand for more than ${MAX_ALIASES} values` };
    }
    return weight ?? 0;
  }
}
