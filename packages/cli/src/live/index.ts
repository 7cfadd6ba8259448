/** Live trading: secrets, accounts, the start-up checklist, the wallet, and Polymarket opened for a run. @module */
export { tellWhenAhead } from "./aheadOfChain.ts";
export { openAccount } from "./account.ts";
export { guardDisk, type DiskGuard } from "./diskGuard.ts";
export { watchMachine, type MachineLooks } from "./machineWatch.ts";
export { openLive, type LiveSession } from "./openLive.ts";
export { liveSecrets } from "./secrets.ts";
export { approvalsFor, checkWallet, openWallet, type LiveWallet } from "./wallet.ts";
export { shortOf } from "./walletFunds.ts";
export { endDoubt, startLines } from "./words.ts";
