// Compiles the local chain's contracts into one committed file: `node scripts/compile-contracts.ts`. The same sources and
// compiler give the same bytes, which a test demands; nothing of the machine goes into them.
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import solc from "solc";

const ROOT = resolve(import.meta.dirname, "..");
const SOURCES = "packages/paper-venue/contracts";

/** The compiled file, from the root of the repository. */
export const ARTIFACTS = "packages/paper-venue/src/chain/artifacts.ts";

/** The contracts that are placed on the chain. */
const PLACED = [
  "MockUsdcE",
  "Pusd",
  "CollateralOnramp",
  "CollateralOfframp",
  "ConditionalTokens",
  "CtfCollateralAdapter",
  "CtfExchange",
  "DepositWallet",
  "DepositWalletBeacon",
  "DepositWalletFactory",
  "ProxyWallet",
  "ProxyWalletFactory",
  "RelayHub",
  "Safe",
  "SafeFactory",
  "SafeMultisend",
];

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly indexed?: boolean;
  readonly components?: readonly Parameter[];
}

interface AbiItem {
  readonly type: "function" | "event" | "error";
  readonly name: string;
  readonly inputs: readonly Parameter[];
  readonly outputs?: readonly Parameter[];
  readonly stateMutability?: string;
}

interface Compiled {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts: Record<
    string,
    Record<
      string,
      {
        readonly abi: readonly AbiItem[];
        readonly evm: {
          readonly deployedBytecode: { readonly object: string; readonly immutableReferences: object };
        };
      }
    >
  >;
}

/** The text of {@link ARTIFACTS} as the sources make it now. */
export function compileContracts(root: string = ROOT): string {
  const files = globSync(`${SOURCES}/*.sol`, { cwd: root }).sort();
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(
      files.map((file) => [basename(file), { content: readFileSync(join(root, file), "utf8") }]),
    ),
    settings: {
      evmVersion: "cancun",
      optimizer: { enabled: true, runs: 200 },
      // Without the hash of the sources a changed comment changes nothing.
      metadata: { appendCBOR: false, bytecodeHash: "none" },
      outputSelection: { "*": { "*": ["abi", "evm.deployedBytecode"] } },
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as Compiled;
  if (output.errors !== undefined && output.errors.length > 0)
    throw new Error(output.errors.map(({ formattedMessage }) => formattedMessage).join("\n"));
  const found = Object.values(output.contracts).flatMap((file) => Object.entries(file));
  const entries = PLACED.map((name) => {
    const contract = found.find(([each]) => each === name)?.[1];
    if (contract === undefined) throw new Error(`${SOURCES} has no contract ${name}`);
    const { object, immutableReferences } = contract.evm.deployedBytecode;
    if (Object.keys(immutableReferences).length > 0 || object.includes("__$"))
      throw new Error(`${name} has immutables or libraries: its code alone would not be all of it`);
    const abi = contract.abi.map(signature).sort();
    const lines = abi.map((line) => `      ${JSON.stringify(line)},\n`).join("");
    return `  ${name}: {\n    abi: [\n${lines}    ],\n    runtime: "0x${object}",\n  },\n`;
  });
  return (
    `// Compiled from contracts/*.sol by scripts/compile-contracts.ts with solc ${solc.version()}; do not edit.\n\n` +
    "/** A contract of the local chain: its interface as ethers reads it, and its code as it stands at its address. */\n" +
    "export interface Artifact {\n  readonly abi: readonly string[];\n  readonly runtime: `0x${string}`;\n}\n\n" +
    `/** The local chain's contracts. */\n// prettier-ignore\nexport const ARTIFACTS = {\n${entries.join("")}} as const satisfies Record<string, Artifact>;\n`
  );
}

/** An entry of the interface as one line, in the form that ethers reads. */
function signature({ type, name, inputs, outputs = [], stateMutability = "" }: AbiItem): string {
  const seen = ["view", "pure"].includes(stateMutability) ? ` ${stateMutability}` : "";
  const returns = outputs.length > 0 ? ` returns (${outputs.map(parameter).join(", ")})` : "";
  return `${type} ${name}(${inputs.map(parameter).join(", ")})${seen}${returns}`;
}

function parameter({ name, type, indexed, components }: Parameter): string {
  const shape =
    components === undefined ? type : type.replace("tuple", `(${components.map(parameter).join(", ")})`);
  return [shape, ...(indexed === true ? ["indexed"] : []), ...(name === "" ? [] : [name])].join(" ");
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(join(ROOT, ARTIFACTS), compileContracts());
  console.log(`${ARTIFACTS} written.`);
}
