import { Interface } from "ethers";
import type { RpcAnswer } from "./rpcEndpoint.ts";

type Refusal = Extract<RpcAnswer, { kind: "refused" }>;

/** Words of refusals that are about the transaction or the call itself; all others may be the node's own trouble. */
const DEFINITE =
  /revert|nonce too low|nonce too high|underpriced|insufficient funds|already known|known transaction|already imported|intrinsic gas|exceeds block gas limit|max fee per gas|out of gas/i;

/** Whether another node would refuse the same. */
export function isDefinite(refusal: Refusal): boolean {
  return refusal.code === 3 || DEFINITE.test(refusal.message);
}

/** Whether a refusal is a contract's: what was asked would revert. */
export function isRevert(refusal: Refusal): boolean {
  return refusal.code === 3 || /revert/i.test(refusal.message);
}

const KNOWN = new Interface([
  "error Error(string)",
  "error Panic(uint256)",
  "error OnlyUnpaused()",
  "error InvalidAsset()",
  "error Unauthorized()",
]);

/** Why a contract refused, in its own words as far as they are known. */
export function revertReason(refusal: Refusal): string {
  const { data, message } = refusal;
  if (data !== undefined && data.length >= 10) {
    try {
      const found = KNOWN.parseError(data);
      if (found?.name === "Error") return String(found.args[0]).slice(0, 200);
      if (found?.name === "OnlyUnpaused") return "OnlyUnpaused: the ramp or adapter is paused";
      if (found !== null) return found.name;
    } catch {
      // Told below as it came.
    }
    return `${message} (${data.slice(0, 10)})`;
  }
  return message;
}
