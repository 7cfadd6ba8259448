import { MatchpointError } from "@matchpoint/sdk";
import {
  concat,
  getBytes,
  keccak256,
  toBeHex,
  toUtf8Bytes,
  TypedDataEncoder,
  verifyMessage,
  verifyTypedData,
  type TypedDataDomain,
  type TypedDataField,
} from "ethers";
import type { ContractCall } from "../chain/contractCalls.ts";
import type { Address, ChainId, Hex } from "../venue/contracts.ts";
import { MULTISEND, PROXY_FACTORY, type RelayContracts } from "./relayContracts.ts";

/** What the relayer is asked for: calls of a Safe, a proxy or a deposit wallet, or to make one. */
export type RelayType = "SAFE" | "PROXY" | "WALLET" | "SAFE-CREATE" | "WALLET-CREATE";

/** Whoever signs for a contract wallet: an ethers v6 wallet, or anything with these methods. */
export interface RelaySigner {
  signMessage(message: Uint8Array): Promise<string>;
  signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<string>;
}

/** All of a request but its signature. Numbers are decimal texts. Plain JSON. */
export interface RelayDraft {
  readonly relayType: RelayType;
  readonly chainId: ChainId;
  /** The key's address. */
  readonly from: Address;
  /** The contract that acts. */
  readonly wallet: Address;
  /** In order, all or nothing. None where the wallet is made. */
  readonly calls: readonly ContractCall[];
  /** The wallet's own: whatever was signed with the same one, at most one of them is ever carried out. */
  readonly nonce: string;
  /** Proxies: who hands it to the chain, and the gas that it may use. */
  readonly relay?: Address;
  readonly gasLimit?: string;
  /** Deposit wallets: Unix seconds, after which it cannot be carried out any more. */
  readonly deadline?: string;
  /** Goes with the request and is given back in lists. */
  readonly metadata: string;
}

const ZERO: Address = `0x${"0".repeat(40)}`;
const SAFE_TX = {
  SafeTx: fields(
    "address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,uint256 gasPrice,address gasToken,address refundReceiver,uint256 nonce",
  ),
};
const BATCH = {
  Call: fields("address target,uint256 value,bytes data"),
  Batch: fields("address wallet,uint256 nonce,uint256 deadline,Call[] calls"),
};
const CREATE = { CreateProxy: fields("address paymentToken,uint256 payment,address paymentReceiver") };

/** What a Safe is told to do: its one call, or all of them through the multisend contract. */
function safeCall({ calls }: RelayDraft, contracts: RelayContracts) {
  const [only] = calls;
  if (calls.length === 1) return { to: only!.to, data: only!.data, operation: 0 };
  const packed = calls.map(({ to, data }) =>
    concat(["0x00", to, toBeHex(0, 32), toBeHex((data.length - 2) / 2, 32), data]),
  );
  const data = MULTISEND.encodeFunctionData("multiSend", [concat(packed)]) as Hex;
  return { to: contracts.safeMultisend, data, operation: 1 };
}

/** The hash that a Safe knows a transaction by. */
export function safeHash(draft: RelayDraft, contracts: RelayContracts): Hex {
  const { to, data, operation } = safeCall(draft, contracts);
  const none = { value: 0, safeTxGas: 0, baseGas: 0, gasPrice: 0, gasToken: ZERO, refundReceiver: ZERO };
  const domain = { chainId: draft.chainId, verifyingContract: draft.wallet };
  return TypedDataEncoder.hash(domain, SAFE_TX, { ...none, to, data, operation, nonce: draft.nonce }) as Hex;
}

/** What the factory of proxies is called with. */
export function proxyData({ calls }: Pick<RelayDraft, "calls">): Hex {
  const told = calls.map(({ to, data }) => ({ typeCode: 1, to, value: 0, data }));
  return PROXY_FACTORY.encodeFunctionData("proxy", [told]) as Hex;
}

/** The hash that the hub of proxies checks. */
function proxyHash(draft: RelayDraft, contracts: RelayContracts): Hex {
  const numbers = ["0", "0", draft.gasLimit!, draft.nonce].map((each) => toBeHex(BigInt(each), 32));
  const { proxyFactory, relayHub } = contracts;
  return keccak256(
    concat([
      ...[toUtf8Bytes("rlx:"), draft.from, proxyFactory, proxyData(draft)],
      ...numbers,
      ...[relayHub, draft.relay!],
    ]),
  ) as Hex;
}

/**
 * Signs a request, and reads the signature again: it is the key's. `0x` where nothing is to be signed. The bytes equal those of
 * `@polymarket/builder-relayer-client`, whose own examples a test compares with.
 * @throws `MatchpointError` `SIGNING_REFUSED`
 */
export async function signRelay(
  signer: RelaySigner,
  draft: RelayDraft,
  contracts: RelayContracts,
): Promise<Hex> {
  const { relayType, from, wallet, chainId } = draft;
  const typed = async (
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<Hex> => {
    const signature = await signed(() => signer.signTypedData(domain, types, value));
    return demand(signature, () => verifyTypedData(domain, types, value, signature), from);
  };
  const message = async (hash: Hex): Promise<Hex> => {
    const bytes = getBytes(hash);
    const signature = await signed(() => signer.signMessage(bytes));
    return demand(signature, () => verifyMessage(bytes, signature), from);
  };
  switch (relayType) {
    case "SAFE":
      return forSafe(await message(safeHash(draft, contracts)));
    case "PROXY":
      return message(proxyHash(draft, contracts));
    case "WALLET": {
      const calls = draft.calls.map(({ to, data }) => ({ target: to, value: 0, data }));
      const domain = { name: "DepositWallet", version: "1", chainId, verifyingContract: wallet };
      return typed(domain, BATCH, { wallet, nonce: draft.nonce, deadline: draft.deadline, calls });
    }
    case "SAFE-CREATE": {
      const verifyingContract = contracts.safeFactory;
      const domain = { name: "Polymarket Contract Proxy Factory", chainId, verifyingContract };
      return typed(domain, CREATE, { paymentToken: ZERO, payment: 0, paymentReceiver: ZERO });
    }
    case "WALLET-CREATE":
      return "0x";
  }
}

/** The body of `POST /submit`. */
export function relayBody(draft: RelayDraft, signature: Hex, contracts: RelayContracts): string {
  const { relayType: type, from, wallet, nonce, metadata, deadline } = draft;
  const { proxyFactory, relayHub, depositWalletFactory } = contracts;
  const none = { gasPrice: "0", gasToken: ZERO, refundReceiver: ZERO };
  switch (type) {
    case "SAFE": {
      const { to, data, operation } = safeCall(draft, contracts);
      const signatureParams = { ...none, operation: String(operation), safeTxnGas: "0", baseGas: "0" };
      return text({ from, to, proxyWallet: wallet, data, nonce, signature, signatureParams, type, metadata });
    }
    case "PROXY": {
      const { gasLimit, relay } = draft;
      const signatureParams = { gasPrice: "0", gasLimit, relayerFee: "0", relayHub, relay };
      const whom = { from, to: proxyFactory, proxyWallet: wallet, data: proxyData(draft), nonce };
      return text({ ...whom, signature, signatureParams, type, metadata });
    }
    case "WALLET": {
      const calls = draft.calls.map(({ to, data }) => ({ target: to, value: "0", data }));
      const depositWalletParams = { depositWallet: wallet, deadline, calls };
      return text({ type, from, to: depositWalletFactory, nonce, signature, metadata, depositWalletParams });
    }
    case "SAFE-CREATE": {
      const signatureParams = { paymentToken: ZERO, payment: "0", paymentReceiver: ZERO };
      const whom = { from, to: contracts.safeFactory, proxyWallet: wallet, data: "0x" };
      return text({ ...whom, signature, signatureParams, type, metadata });
    }
    case "WALLET-CREATE":
      return text({ type, from, to: depositWalletFactory, metadata });
  }
}

/** A Safe tells a signed message from other signatures by its last byte. */
function forSafe(signature: Hex): Hex {
  return `${signature.slice(0, 130)}${signature.endsWith("1b") ? "1f" : "20"}` as Hex;
}

async function signed(sign: () => Promise<string>): Promise<string> {
  try {
    return await sign();
  } catch {
    // What a signer says of its failure is not ours to vouch for: it is not quoted.
    throw refused("the signer did not sign");
  }
}

function demand(signature: string, recover: () => string, from: Address): Hex {
  let who: string | undefined;
  try {
    who = recover();
  } catch {
    // Said below.
  }
  if (who === from && /^0x[0-9a-f]{128}(1b|1c)$/i.test(signature)) return signature.toLowerCase() as Hex;
  throw refused("the signature is not the key's");
}

function refused(message: string): MatchpointError {
  return new MatchpointError("SIGNING_REFUSED", message, {
    hint: "check that the key is the account's own and the signer changes nothing",
  });
}

function fields(list: string): TypedDataField[] {
  return list.split(",").map((each) => {
    const [type, name] = each.split(" ") as [string, string];
    return { name, type };
  });
}

function text(body: object): string {
  return JSON.stringify(body);
}
