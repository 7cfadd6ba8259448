/** A contract's or wallet's address: `0x` and 40 hexadecimal digits, in EIP-55 case. */
export type Address = `0x${string}`;
/** Bytes as `0x` and hexadecimal digits. */
export type Hex = `0x${string}`;

/** The chains that the venue's own client knows: Polygon, and the Amoy test chain. */
export type ChainId = 137 | 80002;

/** Contracts of the venue on one chain. Those that are not documented there are left out. */
export interface VenueContracts {
  readonly ctfExchange: Address;
  readonly negRiskExchange: Address;
  readonly exchangeV3: Address;
  readonly conditionalTokens: Address;
  /** pUSD, the collateral of all orders. Six decimals. */
  readonly collateral: Address;
  /** Named deprecated by the documentation, and still asked for as a spender by orders of neg-risk markets. */
  readonly negRiskAdapter: Address;
  readonly usdcE?: Address;
  readonly collateralOnramp?: Address;
  readonly collateralOfframp?: Address;
  readonly ctfCollateralAdapter?: Address;
  readonly negRiskCtfCollateralAdapter?: Address;
  readonly positionManager?: Address;
  readonly router?: Address;
}

/**
 * Contracts by chain. Source: docs.polymarket.com/resources/contracts and `getContractConfig` of
 * `@polymarket/clob-client-v2` 1.1.0; a test compares with the latter. The documentation names no deployment on Amoy.
 */
export const CONTRACTS: Readonly<Record<ChainId, VenueContracts>> = Object.freeze({
  137: Object.freeze({
    ctfExchange: "0xE111180000d2663C0091e4f400237545B87B996B",
    negRiskExchange: "0xe2222d279d744050d28e00520010520000310F59",
    exchangeV3: "0xe3333700cA9d93003F00f0F71f8515005F6c00Aa",
    conditionalTokens: "0x4D97DCd97eC945f40cF65F87097ACe5EA0476045",
    collateral: "0xC011a7E12a19f7B1f670d46F03B03f3342E82DFB",
    negRiskAdapter: "0xd91E80cF2E7be2e162c6513ceD06f1dD0dA35296",
    usdcE: "0x2791Bca1f2de4661ED88A30C99A7a9449Aa84174",
    collateralOnramp: "0x93070a847efEf7F70739046A929D47a521F5B8ee",
    collateralOfframp: "0x2957922Eb93258b93368531d39fAcCA3B4dC5854",
    ctfCollateralAdapter: "0xAdA100Db00Ca00073811820692005400218FcE1f",
    negRiskCtfCollateralAdapter: "0xadA2005600Dec949baf300f4C6120000bDB6eAab",
    positionManager: "0x006F54F7f9A22e0000CC2AB60031000000ae9fEF",
    router: "0x12121212006e4CD160D18e3f00711DA5c3372600",
  }),
  80002: Object.freeze({
    ctfExchange: "0xE111180000d2663C0091e4f400237545B87B996B",
    negRiskExchange: "0xe2222d279d744050d28e00520010520000310F59",
    exchangeV3: "0x9fE6e61422AdB6F610d8597F9684b16912D50C3D",
    conditionalTokens: "0x69308FB512518e39F9b16112fA8d994F4e2Bf8bB",
    collateral: "0xC011a7E12a19f7B1f670d46F03B03f3342E82DFB",
    negRiskAdapter: "0xd91E80cF2E7be2e162c6513ceD06f1dD0dA35296",
  }),
});
