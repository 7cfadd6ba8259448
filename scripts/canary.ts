// Looks for secrets that tests trade with, in everything that the tests have written: node scripts/canary.ts PATH...
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Private keys that tests use: the first accounts of every local test chain. Nothing but these may be worth anything. */
const PRIVATE_KEYS = {
  "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266":
    "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
  "0x70997970c51812dc3a010c7d01b50e0d17dc79c8":
    "59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
} as const;
/** Test venues make the API key of an address from their seed; tests use these. */
const SEEDS = 20;

/** A secret, in every form in which it could be written, and what it is. */
interface Canary {
  readonly name: string;
  readonly forms: readonly Buffer[];
}

const bytes = (text: string): Buffer => Buffer.from(text, "latin1");
const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest();

function keyForms(hex: string): readonly Buffer[] {
  const raw = Buffer.from(hex, "hex");
  const list = [...raw].join(",");
  return [
    raw,
    ...[
      hex,
      hex.toUpperCase(),
      raw.toString("base64"),
      raw.toString("base64url"),
      `${BigInt(`0x${hex}`)}`,
      list,
    ].map(bytes),
  ];
}

function canaries(): readonly Canary[] {
  const all: Canary[] = [];
  for (const [address, hex] of Object.entries(PRIVATE_KEYS)) {
    all.push({ name: `the private key of ${address}`, forms: keyForms(hex) });
    for (let seed = 0; seed <= SEEDS; seed += 1) {
      const name = `${seed}|${address}|0`;
      const of = `the venue of seed ${seed} gave ${address}`;
      all.push(
        { name: `the API secret that ${of}`, forms: [bytes(sha256(`secret|${name}`).toString("base64url"))] },
        {
          name: `the API passphrase that ${of}`,
          forms: [bytes(sha256(`passphrase|${name}`).toString("hex"))],
        },
      );
    }
  }
  return all;
}

const CANARIES = canaries();

/** What of the tests' secrets stands in these bytes. */
export function secretsIn(content: string | Buffer): readonly string[] {
  const text = typeof content === "string" ? Buffer.from(content) : content;
  return CANARIES.filter(({ forms }) => forms.some((form) => text.includes(form))).map(({ name }) => name);
}

/** Every file below a path with a secret in it, as one line each. */
export function filesWithSecrets(path: string): {
  readonly files: number;
  readonly found: readonly string[];
} {
  const within = statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    : undefined;
  const files = within?.map((entry) => join(entry.parentPath, entry.name)) ?? [path];
  const found = files.flatMap((file) => secretsIn(readFileSync(file)).map((name) => `${file}: ${name}`));
  return { files: files.length, found };
}

if (process.argv[1] === import.meta.filename) {
  const reports = process.argv.slice(2).map(filesWithSecrets);
  const found = reports.flatMap((report) => report.found);
  for (const line of found) console.error(`error   ${line}`);
  const files = reports.reduce((sum, report) => sum + report.files, 0);
  if (found.length > 0 || files === 0) process.exit(1);
  console.log(`Secrets: none of ${CANARIES.length} in ${files} files.`);
}
