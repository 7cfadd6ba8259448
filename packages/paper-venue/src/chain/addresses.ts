/** Where the local chain's contracts stand: Polymarket's addresses on Polygon (docs.polymarket.com/resources/contracts). */
export const CHAIN_ADDRESSES = Object.freeze({
  usdcE: "0x2791Bca1f2de4661ED88A30C99A7a9449Aa84174",
  collateral: "0xC011a7E12a19f7B1f670d46F03B03f3342E82DFB",
  collateralOnramp: "0x93070a847efEf7F70739046A929D47a521F5B8ee",
  collateralOfframp: "0x2957922Eb93258b93368531d39fAcCA3B4dC5854",
  conditionalTokens: "0x4D97DCd97eC945f40cF65F87097ACe5EA0476045",
  ctfCollateralAdapter: "0xAdA100Db00Ca00073811820692005400218FcE1f",
  negRiskCtfCollateralAdapter: "0xadA2005600Dec949baf300f4C6120000bDB6eAab",
  ctfExchange: "0xE111180000d2663C0091e4f400237545B87B996B",
  negRiskExchange: "0xe2222d279d744050d28e00520010520000310F59",
});

/** Where wallets come from, and through whom they are told what to do. */
export const RELAY_ADDRESSES = Object.freeze({
  safeFactory: "0xaacFeEa03eb1561C4e67d661e40682Bd20E3541b",
  safeMultisend: "0xA238CBeb142c10Ef7Ad8442C6D1f9E89e07e7761",
  proxyFactory: "0xaB45c5A4B0c941a2F231C04C3f49182e1A254052",
  proxyImplementation: "0x44e999d5c2F66Ef0861317f9A4805AC2e90aEB4f",
  relayHub: "0xD216153c06E857cD7f72665E0aF1d7D82172F494",
  depositWalletFactory: "0x00000000000Fb5C9ADea0298D729A0CB3823Cc07",
  depositWalletBeacon: "0x7A18EDfe055488A3128f01F563e5B479D92ffc3a",
  depositWalletImplementation: "0x58CA52ebe0DadfdF531Cde7062e76746de4Db1eB",
});

/** Who hands in what the relayer was given. Nobody has its key either. */
export const RELAY_OPERATOR = "0x0000000000000000000000000000000005E1A7e4";

/** Who mints, pauses, operates the exchanges and reports payouts on a local chain. Nobody has its key: the node impersonates it. */
export const STEWARD = "0x00000000000000000000000000000000057E3a4d";

/** Where fees go. */
export const FEE_RECEIVER = "0x0000000000000000000000000000000000FeE000";

/** The chain that the official client knows: Polygon. */
export const LOCAL_CHAIN_ID = 137;
