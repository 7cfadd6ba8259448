import type { WalletChain } from "@matchpoint/adapters-polymarket";
import type { CancelTimer, Clock } from "@matchpoint/sdk";

/** What is asked of the wallet. */
interface Asked {
  readonly chain: Pick<WalletChain, "relayer" | "signer"> & {
    readonly reads: Pick<WalletChain["reads"], "latest" | "count">;
    status(): Promise<{ readonly pending: readonly { readonly nonce: number }[] }>;
  };
  readonly journal: { readonly path: string };
}

/** How long a wait may last before it is looked into, in ms. */
const PATIENCE_MS = 5_000;

/**
 * Says in one line when what is under way cannot be mined, because the file of transactions is ahead of the chain: a plain wallet's
 * nonces are mined one after the other, and those before it are done as far as the file knows. Looks every five seconds until it has
 * said so or is called off.
 */
export function tellWhenAhead(
  { chain, journal }: Asked,
  clock: Clock,
  say: (line: string) => void,
): CancelTimer {
  // The relayer pays for what it sends, and counts otherwise.
  if (chain.relayer !== undefined) return () => undefined;
  let over = false;
  let cancel: CancelTimer = () => undefined;
  const look = async (): Promise<void> => {
    const { pending } = await chain.status();
    if (pending.length === 0) return;
    const next = Math.min(...pending.map(({ nonce }) => nonce));
    const mined = await chain.reads.count(chain.signer, await chain.reads.latest());
    if (over || next <= mined) return;
    over = true;
    say(
      `waiting: the file of transactions is at nonce ${next}, the chain only at ${mined} of ${chain.signer}. ` +
        "A local venue that was started afresh never had the ones before: end this and move journal.dir away. " +
        `Otherwise look whether the nodes are behind (${journal.path}).`,
    );
  };
  const again = (): void => {
    if (over) return;
    // Nodes that do not answer are told of by the action itself.
    cancel = clock.after(PATIENCE_MS, () => void look().then(again, again));
  };
  again();
  return () => {
    over = true;
    cancel();
  };
}
