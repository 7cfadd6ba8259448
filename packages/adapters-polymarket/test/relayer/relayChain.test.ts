import { AbiCoder, zeroPadValue } from "ethers";
import { expect, test } from "vitest";
import type { RpcPool } from "../../src/chain/rpcPool.ts";
import type { ChainReceipt } from "../../src/chain/wire.ts";
import { RelayChain } from "../../src/relayer/relayChain.ts";
import { DEPOSIT_WALLET, RELAY_CONTRACTS, RELAY_HUB, SAFE } from "../../src/relayer/relayContracts.ts";
import { safeHash, type RelayDraft } from "../../src/relayer/relayRequest.ts";
import type { Address } from "../../src/venue/contracts.ts";

const CONTRACTS = RELAY_CONTRACTS[137]!;
const FROM: Address = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const WALLET: Address = "0x94bF330955A0b957662fEaF878dE77bf25f76cD9";
const OTHER: Address = "0x0000000000000000000000000000000000000001";
const chain = new RelayChain({} as RpcPool, CONTRACTS);

const draft = (relayType: RelayDraft["relayType"]): RelayDraft => ({
  ...{ relayType, chainId: 137, from: FROM, wallet: WALLET, nonce: "7", metadata: "" },
  calls: [{ to: OTHER, data: "0x1234" }],
});

const words = (types: string[], values: unknown[]): string =>
  AbiCoder.defaultAbiCoder().encode(types, values);
const receipt = (address: string, topics: readonly string[], data: string, success = true): ChainReceipt => ({
  ...{ hash: "0x1", blockNumber: 1n, blockHash: "0x2", success, gasUsed: 0n, gasPrice: 0n },
  logs: [{ address: address.toLowerCase(), topics, data }],
});
const SUCCESS = SAFE.getEvent("ExecutionSuccess")!.topicHash;
const FAILURE = SAFE.getEvent("ExecutionFailure")!.topicHash;
const RELAYED = RELAY_HUB.getEvent("TransactionRelayed")!.topicHash;
const BATCH = DEPOSIT_WALLET.getEvent("BatchExecuted")!.topicHash;

test("a Safe's own log of this very transaction counts, in either of the forms that Safes have", () => {
  const safe = draft("SAFE");
  const hash = safeHash(safe, CONTRACTS);
  const data = words(["bytes32", "uint256"], [hash, 0]);
  expect(chain.outcome(safe, receipt(WALLET, [SUCCESS], data))).toBe("executed");
  expect(chain.outcome(safe, receipt(WALLET, [SUCCESS, hash], words(["uint256"], [0])))).toBe("executed");
  expect(chain.outcome(safe, receipt(WALLET, [FAILURE], data))).toBe("failed");
  expect(chain.outcome(safe, receipt(OTHER, [SUCCESS], data))).toBe("nothing");
  const next = words(["bytes32", "uint256"], [safeHash({ ...safe, nonce: "8" }, CONTRACTS), 0]);
  expect(chain.outcome(safe, receipt(WALLET, [SUCCESS], next))).toBe("nothing");
  expect(chain.outcome(safe, receipt(WALLET, [SUCCESS], data, false))).toBe("failed");
});

test("a hub's transaction that succeeds is no success of what the proxy was told", () => {
  const proxy = draft("PROXY");
  const told = (status: number, from: string = FROM, at: string = CONTRACTS.relayHub): ChainReceipt =>
    receipt(
      at,
      [RELAYED, zeroPadValue(OTHER, 32), zeroPadValue(from.toLowerCase(), 32), zeroPadValue(OTHER, 32)],
      words(["bytes4", "uint8", "uint256"], ["0x12345678", status, 0]),
    );
  expect(chain.outcome(proxy, told(0))).toBe("executed");
  for (const status of [1, 2, 3, 4]) expect(chain.outcome(proxy, told(status))).toBe("failed");
  expect(chain.outcome(proxy, told(0, OTHER))).toBe("nothing");
  expect(chain.outcome(proxy, told(0, FROM, OTHER))).toBe("nothing");
});

test("a deposit wallet's log counts for its nonce alone", () => {
  const wallet = draft("WALLET");
  const nonce = (value: number): string => words(["uint256"], [value]);
  expect(chain.outcome(wallet, receipt(WALLET, [BATCH], nonce(7)))).toBe("executed");
  expect(chain.outcome(wallet, receipt(WALLET, [BATCH, nonce(7)], "0x"))).toBe("executed");
  expect(chain.outcome(wallet, receipt(WALLET, [BATCH], nonce(8)))).toBe("nothing");
  expect(chain.outcome(wallet, receipt(OTHER, [BATCH], nonce(7)))).toBe("nothing");
});
