import type { Clock } from "@matchpoint/sdk";
import { getAddress, isHexString } from "ethers";
import type { LocalChain } from "../chain/localChain.ts";
import { fieldsOf, own, parseJson } from "../order/parse.ts";
import { RelayerKeys, type RelayCaller } from "./relayerKeys.ts";
import { readForm } from "./readForm.ts";
import { callOf, isMade, nonceOf, prepareCall, SENDER, typeOf, type RelayForm } from "./relayWallets.ts";

/** What can be made to go wrong with the next requests; `POST /relayer/fault` with `{kind, count?}`. */
export const RELAYER_FAULTS = {
  state_failed: "taken, never sent, ends as STATE_FAILED",
  stuck: "taken, and stays STATE_NEW for ever",
  hang: "taken and carried out; the request is never answered",
  drop: "taken and carried out; the connection is cut without an answer",
  server_error: "taken and carried out; answered with 500",
  refuse_after: "taken and carried out; answered with 400 all the same",
  hide: "taken and carried out; the connection is cut, and the relayer's lists do not show it",
  lost: "the connection is cut and nothing is taken",
} as const;

/** A kind of the relayer's faults. */
export type RelayerFault = keyof typeof RELAYER_FAULTS;

/** An answer, or none. */
export type RelayerReply = { readonly status: number; readonly body: unknown } | "hang" | "drop";

/** A request to the relayer, without the `/relayer` before its path. */
export interface RelayerRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the relayer works with. */
export interface RelayerDeskOptions {
  readonly chain: LocalChain;
  readonly clock: Clock;
  /** Told of every wallet that acts, and whose it is. */
  readonly link: (owner: string, signatureType: 1 | 2 | 3, wallet: string) => void;
  readonly onError: (error: unknown) => void;
  /** After how long it is sent, and after how long more it is confirmed, in ms. */
  readonly executeMs: number;
  readonly confirmMs: number;
}

type State =
  "STATE_NEW" | "STATE_EXECUTED" | "STATE_MINED" | "STATE_CONFIRMED" | "STATE_FAILED" | "STATE_INVALID";

interface Relayed {
  readonly form: RelayForm;
  readonly id: string;
  readonly createdAt: string;
  readonly hidden: boolean;
  state: State;
  hash: string;
  reason: string;
  updatedAt: string;
}

const KEPT = 1_000;
const SHOWN = 100;
/** How often a node that does not answer is tried. */
const TRIES = 5;
const ok = (body: unknown): RelayerReply => ({ status: 200, body });
const refuse = (status: number, error: string): RelayerReply => ({ status, body: { error } });

/** A relayer that speaks Polymarket's protocol: takes what wallets' owners have signed, and hands it to a local chain. */
export class RelayerDesk {
  readonly #o: RelayerDeskOptions;
  readonly #keys = new RelayerKeys();
  readonly #taken = new Map<string, Relayed>();
  readonly #faults: RelayerFault[] = [];
  readonly #timers = new Set<() => void>();
  #queue: Promise<unknown> = Promise.resolve();
  #busy = 0;
  #last = 0;
  #closed = false;

  constructor(options: RelayerDeskOptions) {
    this.#o = options;
  }

  /** Answers one request after the other. Nothing that a request holds can make it throw. */
  handle(request: RelayerRequest): Promise<RelayerReply> {
    const turn = this.#queue.then(() => this.#answer(request));
    this.#queue = turn.catch(() => undefined);
    return turn.catch((error: unknown) => {
      this.#o.onError(error);
      return refuse(500, "internal error");
    });
  }

  /** Has the next requests fail. */
  fault(kind: RelayerFault, count = 1): void {
    for (let n = 0; n < count; n += 1) this.#faults.push(kind);
  }

  /** Whether everything that was taken has come to its end, but for what is stuck. */
  idle(): boolean {
    return this.#busy === 0;
  }

  close(): void {
    this.#closed = true;
    for (const cancel of this.#timers) cancel();
  }

  async #answer(request: RelayerRequest): Promise<RelayerReply> {
    const { method, path, body } = request;
    const query = new URLSearchParams(request.query);
    const route = `${method} ${path}`;
    if (route === "POST /fault") return this.#arm(body);
    if (route === "GET /transaction") return ok(this.#shown(query.get("id") ?? ""));
    if (method === "GET" && path.startsWith("/v1/account/transactions/") && !path.endsWith("/params")) {
      const [found] = this.#shown(path.slice("/v1/account/transactions/".length));
      return found === undefined ? refuse(404, "transaction not found") : ok(found);
    }
    if (route === "GET /deployed") return this.#deployed(query);
    if (["GET /nonce", "GET /relay-payload", "GET /v1/account/transactions/params"].includes(route))
      return this.#params(query, path !== "/nonce");
    const caller = this.#keys.caller(request.headers, request, this.#o.clock.wall());
    if (route === "GET /transactions") {
      if (caller === undefined) return refuse(401, "invalid authorization");
      const mine = [...this.#taken.values()].filter(
        ({ form, hidden }) => !hidden && (caller.kind === "builder" || caller.address === form.from),
      );
      return ok(mine.reverse().slice(0, SHOWN).map(shown));
    }
    if (route !== "POST /submit") return refuse(404, "404 page not found");
    return caller === undefined ? refuse(401, "invalid authorization") : this.#submit(body, caller);
  }

  async #submit(body: string, caller: RelayCaller): Promise<RelayerReply> {
    const { chain } = this.#o;
    const form = readForm(body);
    if (typeof form === "string") return refuse(400, form);
    const { kind, from, wallet, nonce } = form;
    if (caller.kind === "address" && caller.address !== from)
      return refuse(401, "the API key is not of the transaction's signer");
    const busy = [...this.#taken.values()].find(
      (each) =>
        each.form.wallet === wallet && ["STATE_NEW", "STATE_EXECUTED", "STATE_MINED"].includes(each.state),
    );
    if (busy !== undefined) return refuse(400, `wallet busy: active action ${busy.id}`);
    const made = await isMade(chain, wallet);
    const creates = kind.endsWith("-CREATE");
    if (creates && made) return refuse(400, `wallet ${wallet} is deployed already`);
    if (kind === "WALLET" && !made)
      return refuse(400, `wallet registry validation failed: wallet ${wallet} is not registered`);
    if (kind === "SAFE" && !made) return refuse(400, "safe is not deployed");
    if (!creates) {
      const wanted = await nonceOf(chain, kind, from);
      if (BigInt(nonce) !== wanted)
        return refuse(400, `batch nonce ${nonce} does not match on-chain nonce ${wanted}`);
    }
    try {
      callOf(form);
    } catch {
      return refuse(400, "invalid signature params");
    }
    const fault = this.#faults.shift();
    if (fault === "lost") return "drop";
    const relayed = this.#take(form, fault);
    if (fault === "hang") return "hang";
    if (fault === "drop" || fault === "hide") return "drop";
    if (fault === "server_error") return refuse(500, "internal error");
    if (fault === "refuse_after") return refuse(400, "invalid request");
    return ok({ transactionID: relayed.id, state: relayed.state });
  }

  #take(form: RelayForm, fault: RelayerFault | undefined): Relayed {
    this.#last += 1;
    const createdAt = this.#time();
    const relayed: Relayed = {
      ...{ form, createdAt, updatedAt: createdAt, hidden: fault === "hide" },
      id: `0190b317-a1d3-7bec-9b91-${String(this.#last).padStart(12, "0")}`,
      ...{ state: "STATE_NEW", hash: "", reason: "" },
    };
    this.#taken.set(relayed.id, relayed);
    if (this.#taken.size > KEPT) this.#taken.delete(this.#taken.keys().next().value!);
    this.#o.link(form.from, typeOf(form.kind), form.wallet);
    if (fault === "stuck") return relayed;
    this.#busy += 1;
    this.#after(this.#o.executeMs, async () => {
      if (fault === "state_failed") this.#end(relayed, "STATE_FAILED", "transaction failed");
      else await this.#execute(relayed, 1);
    });
    return relayed;
  }

  async #execute(relayed: Relayed, attempt: number): Promise<void> {
    const { chain, onError, confirmMs } = this.#o;
    try {
      await prepareCall(chain, relayed.form);
      const { to, data } = callOf(relayed.form);
      const sent = await chain.sendAs(SENDER, to, data);
      relayed.hash = sent.hash;
      if (sent.status === "reverted") {
        this.#end(relayed, "STATE_FAILED", sent.reason ?? "execution reverted");
        return;
      }
      this.#move(relayed, "STATE_MINED");
      this.#after(confirmMs, () => this.#confirm(relayed));
    } catch (error) {
      onError(error);
      if (attempt < TRIES) this.#after(confirmMs, () => this.#execute(relayed, attempt + 1));
      else this.#end(relayed, "STATE_FAILED", "the chain does not answer");
    }
  }

  /** What the chain has lost since is sent again: its nonce is free again too. */
  async #confirm(relayed: Relayed): Promise<void> {
    const { chain, onError, confirmMs } = this.#o;
    try {
      const receipt = await chain.send<object | null>("eth_getTransactionReceipt", [relayed.hash]);
      if (receipt !== null) {
        this.#end(relayed, "STATE_CONFIRMED", "");
        return;
      }
      this.#move(relayed, "STATE_EXECUTED");
      await this.#execute(relayed, 1);
    } catch (error) {
      onError(error);
      this.#after(confirmMs, () => this.#confirm(relayed));
    }
  }

  #end(relayed: Relayed, state: State, reason: string): void {
    relayed.reason = reason;
    this.#busy -= 1;
    this.#move(relayed, state);
  }

  #move(relayed: Relayed, state: State): void {
    relayed.state = state;
    relayed.updatedAt = this.#time();
  }

  #shown(id: string): readonly object[] {
    const found = this.#taken.get(id);
    return found === undefined || found.hidden ? [] : [shown(found)];
  }

  async #deployed(query: URLSearchParams): Promise<RelayerReply> {
    const address = query.get("address") ?? "";
    if (!isHexString(address, 20)) return refuse(400, "invalid address");
    return ok({ deployed: await isMade(this.#o.chain, address) });
  }

  async #params(query: URLSearchParams, sender: boolean): Promise<RelayerReply> {
    const kind = query.get("type") ?? "";
    if (kind !== "SAFE" && kind !== "PROXY" && kind !== "WALLET") return refuse(400, "invalid type");
    let owner: string;
    try {
      owner = getAddress(query.get("address") ?? "");
    } catch {
      return refuse(400, "invalid address");
    }
    const nonce = String(await nonceOf(this.#o.chain, kind, owner));
    return ok(sender ? { address: SENDER, nonce } : { nonce });
  }

  #arm(body: string): RelayerReply {
    const fields = fieldsOf(parseJson(body));
    const kind = fields && own(fields, "kind");
    const count = (fields && own(fields, "count")) ?? 1;
    if (typeof kind !== "string" || !Object.hasOwn(RELAYER_FAULTS, kind))
      return refuse(400, `kind must be one of ${Object.keys(RELAYER_FAULTS).join(", ")}`);
    if (typeof count !== "number" || !Number.isSafeInteger(count) || count < 1 || count > 1_000)
      return refuse(400, "count must be 1 to 1000");
    this.fault(kind as RelayerFault, count);
    return ok({ ok: true });
  }

  #after(ms: number, run: () => Promise<void>): void {
    const cancel = this.#o.clock.after(ms, () => {
      this.#timers.delete(cancel);
      if (!this.#closed) void run().catch(this.#o.onError);
    });
    this.#timers.add(cancel);
  }

  #time(): string {
    return new Date(this.#o.clock.wall()).toISOString();
  }
}

/** A request as the relayer shows it. */
function shown({ form, id, state, hash, reason, createdAt, updatedAt }: Relayed): object {
  const { kind, from, to, wallet, data, nonce, signature, metadata } = form;
  return {
    ...{ transactionID: id, transactionHash: hash, from: from.toLowerCase(), to: to.toLowerCase() },
    ...{ proxyAddress: wallet, data, nonce, value: "", signature, state, type: kind },
    ...{ owner: from.toLowerCase(), metadata, createdAt, updatedAt },
    ...(reason === "" ? {} : { errorMsg: reason }),
  };
}
