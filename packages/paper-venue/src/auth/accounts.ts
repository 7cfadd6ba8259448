/** Unlimited: what `approve` and `setApprovalForAll` stand for in `/balance-allowance`. */
export const UNLIMITED = (1n << 256n) - 1n;

/** What the venue knows of an address, beside its money. */
interface Standing {
  banned: boolean;
  closedOnly: boolean;
  /** What was said of allowances, by spender in lower case. Nothing said: unlimited. */
  readonly allowances: Map<string, bigint>;
  /** The same of shares, where it differs: only a chain says so. */
  readonly operators: Map<string, bigint>;
}

/** Whose wallets are whose, and who may trade. Addresses in lower case. */
export class Accounts {
  /** What a spender of whom nothing was said may take. */
  readonly #silent: bigint;
  readonly #standings = new Map<string, Standing>();
  /** Wallet (funder) by owner and signature type, and back. */
  readonly #wallets = new Map<string, string>();
  readonly #owners = new Map<string, string>();

  constructor(silent: bigint = UNLIMITED) {
    this.#silent = silent;
  }

  /** Says that a wallet belongs to a key. Production derives it; here it is told, or taken from the first order of the wallet. */
  link(owner: string, signatureType: number, wallet: string): boolean {
    const known = this.#owners.get(wallet);
    if (known !== undefined && known !== `${owner}|${signatureType}`) return false;
    const linked = this.#wallets.get(`${owner}|${signatureType}`);
    if (linked !== undefined && linked !== wallet) return false;
    this.#owners.set(wallet, `${owner}|${signatureType}`);
    this.#wallets.set(`${owner}|${signatureType}`, wallet);
    return true;
  }

  /** The wallet whose money a key trades with under a signature type. */
  wallet(owner: string, signatureType: number): string | undefined {
    return signatureType === 0 ? owner : this.#wallets.get(`${owner}|${signatureType}`);
  }

  standing(address: string): Standing {
    let found = this.#standings.get(address);
    if (found === undefined) {
      found = { banned: false, closedOnly: false, allowances: new Map(), operators: new Map() };
      this.#standings.set(address, found);
    }
    return found;
  }

  allowance(address: string, spender: string, of: "dollars" | "shares"): bigint {
    const standing = this.#standings.get(address);
    const key = spender.toLowerCase();
    const shares = of === "shares" ? standing?.operators.get(key) : undefined;
    return shares ?? standing?.allowances.get(key) ?? this.#silent;
  }
}
