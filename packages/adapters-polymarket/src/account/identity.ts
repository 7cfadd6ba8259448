/** Who we are to the venue: what marks an order or one side of a trade as ours. */
export interface AccountIdentity {
  /** Ids of API keys (not their secrets) whose orders are ours, the current one and earlier ones. */
  readonly apiKeys: readonly string[];
  /** Addresses that orders of ours are made from: the funder (proxy, Safe, deposit wallet) and the signer. */
  readonly addresses: readonly string[];
}

/** Tells our own from foreign. Keys and addresses are compared without regard to case. */
export class Ownership {
  readonly #names: ReadonlySet<string>;

  constructor({ apiKeys, addresses }: AccountIdentity) {
    this.#names = new Set([...apiKeys, ...addresses].filter((name) => name !== "").map(lower));
  }

  /** Whether any of the names (key ids, addresses) is ours; what is absent or empty is nobody's. */
  owns(...names: readonly (string | null | undefined)[]): boolean {
    return names.some((name) => typeof name === "string" && this.#names.has(lower(name)));
  }

  /** Whether somebody is named, and it is not us. */
  foreign(...names: readonly (string | null | undefined)[]): boolean {
    return names.some((name) => typeof name === "string" && name !== "") && !this.owns(...names);
  }
}

function lower(text: string): string {
  return text.toLowerCase();
}
