import { MatchpointError } from "@matchpoint/sdk";
import { refuse, type Refusal } from "../chain/txPlan.ts";
import type { ChainSigner } from "../chain/txSigner.ts";
import type { OrderParties } from "../order/order.ts";
import type { ChainId } from "../venue/contracts.ts";
import { deriveWallets } from "./derive.ts";
import { RELAY_CONTRACTS, type RelayContracts } from "./relayContracts.ts";
import type { Relayer } from "./relayer.ts";
import type { RelaySigner } from "./relayRequest.ts";

/** How a wallet's transactions get to the chain: by itself, through the relayer, or not at all. */
export interface Route {
  readonly relayed?: {
    readonly relayer: Relayer;
    readonly contracts: RelayContracts;
    readonly signatureType: 1 | 2 | 3;
    readonly signer: RelaySigner;
  };
  readonly cannotSend?: Refusal;
}

const NAMES = { 1: "proxy", 2: "Safe", 3: "deposit wallet" } as const;
const ELSEWHERE =
  "give the key of the relayer (MATCHPOINT_RELAYER_API_KEY and MATCHPOINT_RELAYER_API_KEY_ADDRESS, made on polymarket.com under Settings, API keys), or merge, redeem and approve on polymarket.com";

/** Finds the way. @throws `MatchpointError` `CREDENTIALS_INVALID` when the signer signs transactions only, and messages are needed */
export function routeOf(
  { signatureType, wallet, funder }: OrderParties,
  chainId: ChainId,
  signer: ChainSigner,
  relayer: Relayer | undefined,
): Route {
  if (signatureType === 0) return {};
  const no = (detail: string, fix: string): Route => ({ cannotSend: refuse("RELAYER", detail, fix) });
  if (relayer === undefined) {
    const how = `(signature type ${signatureType}): its transactions go through Polymarket's relayer`;
    return no(`${funder} is a contract ${how}`, ELSEWHERE);
  }
  const contracts = RELAY_CONTRACTS[chainId];
  if (contracts === undefined)
    return no(`chain ${chainId} has no documented relayer`, "use the chain 137 (Polygon)");
  const derived = deriveWallets(wallet, signatureType, contracts);
  if (!derived.includes(funder))
    return no(
      `${funder} is not the ${NAMES[signatureType]} of ${wallet}, which is ${derived[0]!}`,
      "check execution.funder and execution.signature_type against the profile on polymarket.com",
    );
  const { signMessage, signTypedData } = signer;
  if (signMessage === undefined || signTypedData === undefined)
    throw new MatchpointError("CREDENTIALS_INVALID", "the signer signs no messages and no typed data", {
      hint: "a contract wallet needs both: give a signer with signMessage and signTypedData",
    });
  return { relayed: { relayer, contracts, signatureType, signer: signer as RelaySigner } };
}
