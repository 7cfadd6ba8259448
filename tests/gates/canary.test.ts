import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startVenue } from "@matchpoint/paper-venue";
import { Wallet } from "ethers";
import { expect, it } from "vitest";
import { filesWithSecrets, secretsIn } from "../../scripts/canary.ts";
import { clearLeftovers, searched, temporaryFolder } from "../cli/leftovers.ts";
import { KEYS, trader } from "../polymarket/officialSupport.ts";

it("finds a private key in whatever form it is written", () => {
  for (const key of KEYS) {
    const name = `the private key of ${new Wallet(key).address.toLowerCase()}`;
    const raw = Buffer.from(key.slice(2), "hex");
    const json = JSON.stringify({ key: [...raw] });
    const texts = [
      key,
      key.toUpperCase(),
      raw.toString("base64"),
      raw.toString("base64url"),
      `${BigInt(key)}`,
      json,
    ];
    for (const text of texts) expect(secretsIn(`a line\n{"key":"${text}"}`)).toEqual([name]);
    expect(secretsIn(Buffer.concat([Buffer.from("é"), raw]))).toEqual([name]);
    expect(secretsIn(`${new Wallet(key).address} ${key.slice(0, 30)}`)).toEqual([]);
  }
});

it("finds what a venue gave a client to sign with", async () => {
  const venue = await startVenue({ seed: 4 });
  const { creds } = await trader(venue, KEYS[1], 1);
  await venue.close();
  expect(secretsIn(creds.key)).toEqual([]);
  for (const secret of [creds.secret, creds.passphrase]) expect(secretsIn(`x${secret}x`)).toHaveLength(1);
});

it("looks into every file of a folder, also hidden ones, and says where it was", () => {
  const root = mkdtempSync(join(tmpdir(), "canary-"));
  mkdirSync(join(root, "a/.b"), { recursive: true });
  writeFileSync(join(root, "clean.txt"), "nothing");
  expect(filesWithSecrets(root)).toEqual({ files: 1, found: [] });
  writeFileSync(join(root, "a/.b/.journal"), `{"key":"${KEYS[0]}"}`);
  const { files, found } = filesWithSecrets(root);
  rmSync(root, { recursive: true });
  expect(files).toBe(2);
  expect(found).toEqual([expect.stringMatching(/a\/\.b\/\.journal: the private key of 0xf39fd6e5/)]);
});

it("ends the tests of a file in red when a command has printed or kept one", () => {
  searched(["run", "--live"], { out: "", err: `error: ${KEYS[0]}` });
  expect(clearLeftovers).toThrow(/run --live: the private key of 0xf39fd6e5/);
  writeFileSync(join(temporaryFolder(), "run.journal"), KEYS[1].slice(2));
  expect(clearLeftovers).toThrow(/run\.journal: the private key of 0x70997970/);
  expect(clearLeftovers).not.toThrow();
});
