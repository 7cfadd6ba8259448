import { createInterface } from "node:readline";
import { formatUsdc, MatchpointError, type Usdc } from "@matchpoint/sdk";
import type { Io } from "../../io.ts";

/** Where a person answers. */
export type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/**
 * Asks a person whether real money may be put at stake. Only the word `yes` is one.
 * @throws MatchpointError `CONFIG_LIVE_REFUSED` without a person, or when they say anything else
 */
export async function confirm(
  yes: boolean,
  usdc: Usdc,
  io: Pick<Io, "out">,
  input: Input = process.stdin,
  signal?: AbortSignal,
): Promise<void> {
  await confirmed(yes, `Put at most $${formatUsdc(usdc)} of real money at stake?`, io, input, signal);
}

/**
 * Asks a person a question to which only the word `yes` is consent.
 * @throws MatchpointError `CONFIG_LIVE_REFUSED` without a person, or when they say anything else
 */
export async function confirmed(
  yes: boolean,
  question: string,
  io: Pick<Io, "out">,
  input: Input = process.stdin,
  signal?: AbortSignal,
): Promise<void> {
  if (yes) return;
  if (input.isTTY !== true)
    throw new MatchpointError("CONFIG_LIVE_REFUSED", "nobody is there to confirm", {
      hint: "Run it in a terminal and watch it; --yes confirms without asking.",
    });
  io.out(`${question} Type yes to go on.`);
  const lines = createInterface({ input });
  const answer = await new Promise<string>((resolve) => {
    lines.once("line", resolve);
    lines.once("close", () => {
      resolve("");
    });
    signal?.addEventListener("abort", () => {
      resolve("");
    });
  });
  lines.close();
  if (answer.trim().toLowerCase() !== "yes")
    throw new MatchpointError("CONFIG_LIVE_REFUSED", "not confirmed: nothing was sent", {
      hint: "Only the word yes confirms.",
    });
}
