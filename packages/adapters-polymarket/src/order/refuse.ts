import { MatchpointError } from "@matchpoint/sdk";

/** An order that the venue would refuse; nothing is corrected in silence. */
export function refuse(message: string, hint?: string): never {
  throw new MatchpointError("ORDER_INVALID", message, hint === undefined ? {} : { hint });
}
