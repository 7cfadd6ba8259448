import {
  createChainSigner,
  createOrderSigner,
  createWalletSigner,
  loadCurve,
  type Address,
  type Curve,
  type EpochFence,
  type OrderParties,
  type OrderSigner,
} from "@matchpoint/adapters-polymarket";
import {
  MatchpointError,
  PRICE_ONE,
  SHARES_ONE,
  USDC_ONE,
  type BotConfig,
  type Clock,
  type MarketDescription,
  type Price,
  type Secret,
  type Shares,
  type Usdc,
} from "@matchpoint/sdk";

/** Whose money it is, and who signs. The key is in the signers alone. */
export interface LiveAccount {
  readonly parties: OrderParties;
  readonly signer: OrderSigner;
  readonly chainSigner: ReturnType<typeof createChainSigner>;
  readonly curve: Curve["name"];
  /** Signs for one more market's tokens. */
  admit(market: MarketDescription): void;
  /** The same account, whose orders and transactions are signed only as long as no process of a higher epoch signs. */
  fenced(fence: EpochFence): LiveAccount;
}

/**
 * Makes the signers of a configuration's account. They sign for the tokens of the run's markets only, within `execution.limits`.
 * @throws MatchpointError `CREDENTIALS_INVALID`, `CONFIG_INVALID` when the funder is missing, `ORDER_INVALID` when it does not fit
 */
export async function openAccount(
  config: BotConfig,
  key: Secret,
  markets: readonly MarketDescription[],
  clock: Clock,
): Promise<LiveAccount> {
  const { signature_type: signatureType, chain_id: chainId, limits } = config.execution;
  const curve = await loadCurve();
  const privateKey = key.reveal();
  const wallet = createWalletSigner(privateKey, curve);
  const { address } = wallet;
  const parties: OrderParties = Object.freeze({
    signatureType,
    wallet: address,
    funder: funderOf(config, address),
  });
  const tokens = new Set<string>(
    markets.flatMap(({ outcomes }) => outcomes.map(({ tokenId }) => tokenId as string)),
  );
  const band = {
    min: Math.round(limits.min_price * PRICE_ONE) as Price,
    max: Math.round(limits.max_price * PRICE_ONE) as Price,
  };
  const signerOf = (fence?: EpochFence): OrderSigner =>
    createOrderSigner({
      signer: wallet,
      curve,
      now: () => clock.wall(),
      limits: {
        chainId,
        parties,
        maxNotional: Math.round(limits.max_order_usdc * USDC_ONE) as Usdc,
        maxShares: Math.round(limits.max_order_shares * SHARES_ONE) as Shares,
        band: (tokenId) => (tokens.has(tokenId) ? band : undefined),
      },
      ...(fence === undefined ? {} : { fence }),
    });
  const account: LiveAccount = {
    parties,
    signer: signerOf(),
    chainSigner: createChainSigner(privateKey),
    curve: curve.name,
    admit: ({ outcomes }) => {
      for (const { tokenId } of outcomes) tokens.add(tokenId);
    },
    fenced: (fence) => {
      const signer = signerOf(fence);
      // One turn for both: whatever is signed first takes it.
      return { ...account, signer, chainSigner: createChainSigner(privateKey, signer) };
    },
  };
  return account;
}

function funderOf(config: BotConfig, wallet: Address): Address {
  const { signature_type: type, funder } = config.execution;
  if (type === 0) return wallet;
  if (funder !== undefined) return funder as Address;
  throw new MatchpointError("CONFIG_INVALID", "execution.funder is missing", {
    hint: `With signature type ${type} another address than the key's holds the money: the one that Polymarket shows in the profile. With type 0 the key's own wallet does.`,
  });
}
