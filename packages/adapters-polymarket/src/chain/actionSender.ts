import type { Plan, Refusal } from "./txPlan.ts";
import type { SendOutcome, TxIntent, TxReport, TxStatus } from "./txRecord.ts";

/** What would be sent through the relayer. */
export interface RelayPlan {
  readonly kind: "relay";
  /** In words. */
  readonly lines: readonly string[];
}

/** Who carries out what a wallet is to do on the chain: the wallet itself, or the relayer in the name of a contract wallet. */
export interface ActionSender {
  /** Transactions of the wallet that were not made here. */
  readonly foreign: number;
  /** Why the last look failed; `undefined` when it did not. */
  readonly trouble: string | undefined;
  /** Where an intent stands; `undefined` when it was never sent. */
  status(intentId: string): TxStatus | undefined;
  pending(): readonly TxReport[];
  /** The last news of an intent, for who was not there to hear it. */
  recall(intentId: string): Promise<TxReport | undefined>;
  /** Sends an intent once, or tells how the one of that id was answered. Never throws on the chain's account. */
  submit(intent: TxIntent): Promise<SendOutcome>;
  rehearse(intent: TxIntent): Promise<Refusal | Plan | RelayPlan>;
  tick(): Promise<void>;
  start(): void;
  stop(): void;
}
