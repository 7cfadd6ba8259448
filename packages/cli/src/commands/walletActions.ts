/** What the wallet can be told to do. */
export const WALLET_ACTIONS = [
  "status",
  "approve",
  "wrap",
  "unwrap",
  "split",
  "merge",
  "redeem",
  "smoke",
] as const;
