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

/** Who mints, pauses, operates the exchanges and reports payouts on a local chain. Nobody has its key: the node impersonates it. */
export const STEWARD = "0x00000000000000000000000000000000057E3a4d";

/** Where fees go. */
export const FEE_RECEIVER = "0x0000000000000000000000000000000000FeE000";

/** The chain that the official client knows: Polygon. */
export const LOCAL_CHAIN_ID = 137;
