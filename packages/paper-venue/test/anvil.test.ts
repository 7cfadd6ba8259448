import { findAnvil } from "../src/index.ts";
import { startAnvil } from "../src/chain/anvil.ts";
import { describe, expect, onTestFinished, test } from "vitest";

if (findAnvil() === undefined)
  console.warn("skipped: no anvil here (npm install @foundry-rs/anvil-linux-amd64)");

describe.skipIf(findAnvil() === undefined)("a node", () => {
  test("that listened in time goes on after that time", async () => {
    const patienceMs = 2_500;
    const began = Date.now();
    const node = await startAnvil({ chainId: 137, patienceMs });
    onTestFinished(() => node.close());
    await new Promise((resolve) => setTimeout(resolve, patienceMs + 300 - (Date.now() - began)));
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
    const headers = { "content-type": "application/json" };
    const answer = await fetch(node.url, { method: "POST", headers, body });
    expect(await answer.json()).toMatchObject({ result: "0x89" });
  });

  test("that does not listen in time is ended and told", async () => {
    // Any program that runs and says nothing.
    await expect(startAnvil({ chainId: 137, program: process.execPath, patienceMs: 5 })).rejects.toThrow(
      /did not (?:listen within 5 ms|start)/,
    );
  });
});
