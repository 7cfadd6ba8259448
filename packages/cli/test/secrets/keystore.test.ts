import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import type { Terminal } from "../../src/secrets/prompt.ts";
import { KEY, secretsFor, temporaryFolder } from "./support.ts";

const folder = temporaryFolder();
const PASSPHRASE = "canary pässphrase";

/** Keystores with few rounds, made by ethers and by hand after geth's; all of {@link KEY} and {@link PASSPHRASE}. */
const KEYSTORES = JSON.parse(readFileSync(join(import.meta.dirname, "keystores.json"), "utf8")) as Readonly<
  Record<"scrypt" | "pbkdf2", object>
>;

function put(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  chmodSync(path, 0o600);
  return path;
}

const find = (
  path: string,
  env: NodeJS.ProcessEnv = { MATCHPOINT_KEYSTORE_PASSPHRASE: PASSPHRASE },
  input?: Terminal,
) =>
  secretsFor(
    { secrets: { private_key: `keystore:${path}` } },
    env,
    input === undefined ? {} : { input },
  ).find("private_key");

/** A terminal at which somebody types. */
function terminal(...typed: readonly string[]): {
  readonly input: Terminal;
  readonly modes: boolean[];
  rest(): string;
} {
  const stream = new PassThrough();
  const modes: boolean[] = [];
  let next = 0;
  const input = Object.assign(stream, {
    isTTY: true,
    setRawMode: (raw: boolean) => {
      modes.push(raw);
      if (raw && next < typed.length) stream.write(typed[next++]);
    },
  });
  return { input, modes, rest: () => String(input.read() ?? "") };
}

describe("an encrypted keystore", () => {
  it.each(Object.entries(KEYSTORES))("of %s is opened by its passphrase", async (name, keystore) => {
    expect((await find(put(`${name}.json`, keystore)))?.reveal()).toBe(KEY);
  });

  it("takes the passphrase from a file", async () => {
    const path = put("k.json", KEYSTORES.pbkdf2);
    const own = secretsFor({
      secrets: {
        private_key: `keystore:${path}`,
        keystore_passphrase: `file:${put("passphrase", `${PASSPHRASE}\n`)}`,
      },
    });
    expect((await own.find("private_key"))?.reveal()).toBe(KEY);
  });

  it("asks in the terminal where none is kept, again when it was mistyped, and leaves the rest of the input", async () => {
    const path = put("k.json", KEYSTORES.pbkdf2);
    const { input, modes, rest } = terminal("wrong\r", `x\u007f${PASSPHRASE}\u0015${PASSPHRASE}!\b\rstop\n`);
    expect((await find(path, {}, input))?.reveal()).toBe(KEY);
    expect(modes).toEqual([true, false, true, false]);
    expect(rest()).toBe("stop\n");
  });

  it("gives up after three, on Ctrl-C, and where nobody is there", async () => {
    const path = put("k.json", KEYSTORES.pbkdf2);
    await expect(find(path, {}, terminal("a\n", "b\n", "c\n").input)).rejects.toThrow(
      /passphrase is not this keystore's/,
    );
    await expect(find(path, {}, terminal("half\u0003").input)).rejects.toMatchObject({ code: "ABORTED" });
    const nobody = Object.assign(new PassThrough(), { isTTY: false });
    await expect(find(path, {}, nobody)).rejects.toMatchObject({
      code: "SECRET_MISSING",
      message: expect.stringContaining("nobody is there to type the passphrase of") as string,
    });
  });

  const strong = (params: object): unknown => {
    const copy = structuredClone(KEYSTORES.pbkdf2) as { crypto: { kdfparams: object } };
    Object.assign(copy.crypto.kdfparams, params);
    return copy;
  };
  it.each([
    ["of another passphrase", KEYSTORES.pbkdf2, "not this", /the passphrase is not this keystore's/],
    ["that is none", { version: 4, crypto: {} }, PASSPHRASE, /no keystore of version 3/],
    ["that is no JSON", `${KEY} not json`, PASSPHRASE, /no keystore of version 3/],
    ["that lacks a part", { version: 3, crypto: { kdf: "scrypt" } }, PASSPHRASE, /a part of it is missing/],
    [
      "of another cipher",
      {
        ...KEYSTORES.pbkdf2,
        crypto: { ...(KEYSTORES.pbkdf2 as { crypto: object }).crypto, cipher: "aes-256-gcm" },
      },
      PASSPHRASE,
      /aes-128-ctr/,
    ],
    [
      "of another's address",
      { ...KEYSTORES.pbkdf2, address: "00".repeat(20) },
      PASSPHRASE,
      /a part of it is missing or of another kind/,
    ],
    ["that would take days", strong({ c: 2 ** 31 }), PASSPHRASE, /too much to derive/],
    ["that would take all memory", strong({ n: 2 ** 30, r: 8, p: 1 }), PASSPHRASE, /too much to derive/],
  ])("%s is refused without a word of what is in it", async (what, content, passphrase, message) => {
    const path = put(`${what.replaceAll(" ", "-")}.json`, content);
    const error = await find(path, { MATCHPOINT_KEYSTORE_PASSPHRASE: passphrase }).catch(
      (each: unknown) => each,
    );
    expect(error).toMatchObject({ code: "CREDENTIALS_INVALID", where: "secrets.private_key" });
    expect((error as Error).message).toMatch(message);
    expect(
      `${(error as Error).message}${JSON.stringify(error)}${String((error as Error).cause)}`,
    ).not.toMatch(/ac0974|canary/);
  });

  it("is held to what a plain file is", async () => {
    const path = put("open.json", KEYSTORES.pbkdf2);
    chmodSync(path, 0o644);
    await expect(find(path)).rejects.toMatchObject({ code: "SECRET_UNSAFE" });
  });
});
