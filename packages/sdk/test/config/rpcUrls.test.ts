import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/index.ts";

const withNode = (url: string): unknown => parseConfig({ execution: { rpc_urls: [url] } }).execution.rpc_urls;

/** A configuration is written into every journal: a provider's key in a node's address would be too. */
describe("nodes of the chain in a configuration", () => {
  it.each([
    "https://polygon-mainnet.g.alchemy.example/v2/aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW",
    "https://polygon-mainnet.infura.example/v3/0123456789abcdef0123456789abcdef",
    "https://quiet-node.quiknode.example/0123456789abcdef0123456789abcdef01234567/",
    "https://user:word@node.example",
    "https://node.example/?apikey=1",
  ])("hold no key: %s", (url) => {
    expect(() => withNode(url)).toThrow(/secrets do not belong in a configuration file/);
  });

  it.each([
    "http://127.0.0.1:8545",
    "https://polygon-rpc.example/",
    "https://node.example/rpc/polygon/mainnet",
  ])("may be %s", (url) => {
    expect(withNode(url)).toEqual([url]);
  });
});
