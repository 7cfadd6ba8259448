import { hash } from "node:crypto";
import type { RunId, Sequence } from "@matchpoint/sdk";

/**
 * The salt of an order: 52 bits that depend only on its run and on its place in it, so that preparing it again makes the same
 * order with the same hash, which the venue takes only once.
 */
export function orderSalt(run: RunId, seq: Sequence): number {
  const digest = hash("sha256", `${run}\n${seq}`);
  // From 1: a salt of 0 reads as none.
  return Number.parseInt(digest.slice(0, 13), 16) + 1;
}
