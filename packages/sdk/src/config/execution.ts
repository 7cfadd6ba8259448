import { z } from "zod";

const dollars = (fallback: number) => z.number().positive().max(1_000_000_000).default(fallback);
const price = (fallback: number) => z.number().min(0.0001).max(0.9999).default(fallback);
const url = (scheme: RegExp, example: string) =>
  z
    .string()
    .regex(scheme, { abort: true, error: `must be an address like ${example}` })
    .refine((text) => URL.canParse(text) && !/[\s#]/.test(text), {
      error: `is not a whole address: write it like ${example}`,
    })
    .refine((text) => !/^\w+:\/\/[^/?#]*@|[?&][^=]*(key|secret|token|auth|password)=/i.test(text), {
      error: "secrets do not belong in a configuration file: set MATCHPOINT_RPC_URLS in the environment",
    });
/** A part of an address's path that is long and has digits in it is what providers of nodes give as a key. */
const KEY_IN_PATH = /^\w+:\/\/[^/]*.*\/(?=[\w-]*\d)[\w-]{16,}(?:[/?]|$)/;
const http = url(/^https?:\/\//, "https://host:port/path");
const socket = url(/^wss?:\/\//, "wss://host:port/path");
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, "must be an address: 0x and 40 hexadecimal digits");

/** How live orders are sent, and by whose wallet. Nothing of it is used on paper. */
export const EXECUTION_CONFIG = z
  .strictObject({
    gateway: z
      .enum(["direct", "official"])
      .default("direct")
      .describe(
        "What sends orders: our own transport, or Polymarket's client @polymarket/clob-client-v2, which has to be installed.",
      ),
    chain_id: z
      .union([z.literal(137), z.literal(80_002)])
      .default(137)
      .describe("Polygon, or its test network Amoy."),
    signature_type: z
      .union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)])
      .default(3)
      .describe(
        "Whose orders the key signs: 0 its own wallet's, 1 a proxy's (e-mail accounts), 2 a Safe's (browser wallets), 3 a deposit wallet's (every account since May 2026).",
      ),
    funder: address
      .exactOptional()
      .describe(
        "The address that holds the money, shown in Polymarket's profile; absent with signature type 0.",
      ),
    rate_tier: z
      .enum(["standard", "copper", "bronze", "silver", "gold", "platinum", "diamond", "elite"])
      .default("standard")
      .describe("The account's rate limits; the venue's answers correct it."),
    heartbeats: z
      .boolean()
      .default(true)
      .describe("Whether the venue cancels all orders when it hears nothing from the bot for ten seconds."),
    max_time_in_book_ms: z
      .int()
      .min(3_000)
      .max(10_000)
      .exactOptional()
      .describe(
        "How long a GTC order that may take liquidity rests before it is cancelled. Absent: as long as the strategy lets it.",
      ),
    reconcile_s: z
      .int()
      .min(5)
      .max(3_600)
      .default(30)
      .describe("How often positions, open orders, trades and cash are compared with the venue's."),
    foreign_orders: z
      .enum(["halt"])
      .default("halt")
      .describe(
        "What an order on our wallet does that is not of this run: somebody else trades with it. A statement, not a choice: every market halts, and no other value is taken.",
      ),
    limits: z
      .strictObject({
        max_order_usdc: dollars(100).describe("Most dollars that one order may give or ask for."),
        max_order_shares: z
          .number()
          .positive()
          .max(1_000_000_000)
          .default(10_000)
          .describe("Most shares of one order."),
        min_price: price(0.01).describe("Lowest price that is signed."),
        max_price: price(0.99).describe("Highest price that is signed."),
      })
      .refine(({ min_price: min, max_price: max }) => min <= max, {
        path: ["min_price"],
        message: "must not be above max_price",
      })
      .prefault({})
      .describe(
        "What the signer signs at most, whatever the risk limits say: the last gate before money moves.",
      ),
    rpc_urls: z
      .array(
        http.refine((text) => !KEY_IN_PATH.test(text), {
          error:
            "the path looks like a key, and secrets do not belong in a configuration file: set MATCHPOINT_RPC_URLS in the environment",
        }),
      )
      .max(8)
      .default([])
      .describe(
        "Nodes of the chain, three of them best; those of MATCHPOINT_RPC_URLS come first. Without any there are no balances of the chain, no merges and no redemptions.",
      ),
    allowance_usdc: dollars(1_000).describe(
      "Most dollars that a contract of the venue is let take: what `wallet approve` approves.",
    ),
    clob_url: http
      .exactOptional()
      .describe(
        "The venue's REST address; default Polymarket's. On this machine: a rehearsal on a local venue.",
      ),
    user_url: socket.exactOptional().describe("The venue's channel of own orders; default Polymarket's."),
  })
  .superRefine((execution, ctx) => {
    const { signature_type: type, funder, clob_url: clob, user_url: user } = execution;
    if (type === 0 && funder !== undefined)
      ctx.addIssue({
        code: "custom",
        path: ["funder"],
        message: "goes with signature types 1, 2 and 3: with 0 the wallet holds its own money",
      });
    if ((clob === undefined) !== (user === undefined))
      ctx.addIssue({
        code: "custom",
        path: [clob === undefined ? "clob_url" : "user_url"],
        message: "clob_url and user_url go together",
      });
  })
  .prefault({});

/** The execution section with every default filled in. */
export type ExecutionConfig = z.output<typeof EXECUTION_CONFIG>;
