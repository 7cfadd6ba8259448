/** Reads one HTTP/1.1 answer from the bytes of a socket, strictly: what could be read in two ways is refused. @module */
import { MatchpointError, type HttpResponse } from "@matchpoint/sdk";

/** The longest head of an answer: status line and headers. */
const LONGEST_HEAD = 64 * 1024;
/** The longest line of a chunk's size, with its extensions, and the longest trailer. */
const LONGEST_LINE = 4 * 1024;
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const EMPTY = Buffer.alloc(0);

/** The headers of an answer, names in lower case. */
type Headers = Record<string, string>;

/**
 * One answer, fed with what comes in. Refused are: two lengths, a length and chunks, an encoding of the body that was not asked for,
 * folded headers, and whatever is longer than allowed. Source: RFC 9112, sections 2 to 7.
 */
export class HttpReply {
  /** Whether the connection can carry another request after this answer. */
  reusable = true;
  /** How long the server says that it keeps an idle connection, in ms. */
  keepAliveMs: number | undefined;
  readonly #maxBytes: number;
  #rest: Buffer = EMPTY;
  #state: "head" | "body" | "size" | "chunk" | "trailer" | "close" | "done" = "head";
  #status = 0;
  #headers: Headers = {};
  #left = 0;
  #length = 0;
  readonly #parts: Buffer[] = [];

  /** `maxBytes`: the longest body. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Takes in bytes; the answer, once it is whole.
   * @throws `MatchpointError` `HTTP_RESPONSE_INVALID`
   */
  feed(bytes: Buffer): HttpResponse | undefined {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    while (this.#step());
    if (this.#state !== "done") return undefined;
    // What follows an answer that is whole belongs to no request of ours.
    if (this.#rest.length > 0) this.reusable = false;
    return this.#answer();
  }

  /** The other side has said all it will; the answer, when that is how it ends. */
  end(): HttpResponse | undefined {
    if (this.#state !== "close") return undefined;
    this.#state = "done";
    return this.#answer();
  }

  /** One part; false when more bytes are needed, or none. */
  #step(): boolean {
    switch (this.#state) {
      case "head":
        return this.#head();
      case "body":
      case "chunk":
        return this.#take();
      case "size":
        return this.#size();
      case "trailer":
        return this.#trailer();
      case "close":
        this.#keep(this.#rest);
        this.#rest = EMPTY;
        return false;
      case "done":
        return false;
    }
  }

  #head(): boolean {
    const end = this.#rest.indexOf("\r\n\r\n");
    if (end < 0 ? this.#rest.length > LONGEST_HEAD : end > LONGEST_HEAD)
      throw invalid(`its head is longer than ${LONGEST_HEAD} bytes`);
    if (end < 0) return false;
    const [first, ...lines] = this.#rest.toString("latin1", 0, end).split("\r\n");
    this.#rest = this.#rest.subarray(end + 4);
    const status = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |$)/.exec(first!);
    if (status === null) throw invalid(`it begins with ${JSON.stringify(first!.slice(0, 60))}`);
    this.#status = Number(status[2]);
    // A word in between (100, 103): the answer itself follows.
    if (this.#status < 200) {
      if (this.#status === 101) throw invalid("it changes the protocol");
      return true;
    }
    this.#headers = headersOf(lines);
    this.#framing(status[1] === "0");
    return true;
  }

  /** How long the body is. */
  #framing(old: boolean): void {
    const headers = this.#headers;
    const { connection, "content-length": length, "transfer-encoding": transfer } = headers;
    const options = connection?.toLowerCase() ?? "";
    this.reusable = old ? options.includes("keep-alive") : !options.includes("close");
    const hint = /timeout=(\d{1,6})/.exec(headers["keep-alive"] ?? "");
    if (hint !== null) this.keepAliveMs = Number(hint[1]) * 1_000;
    const encoding = headers["content-encoding"];
    if (encoding !== undefined && encoding !== "" && encoding.toLowerCase() !== "identity")
      throw invalid(`its body is encoded (${encoding.slice(0, 40)}), which was not asked for`);
    if (this.#status === 204 || this.#status === 304) this.#state = "done";
    else if (transfer !== undefined) {
      if (length !== undefined || transfer.toLowerCase() !== "chunked" || old)
        throw invalid("it is not clear how long its body is");
      this.#state = "size";
    } else if (length !== undefined) {
      if (!/^\d{1,15}$/.test(length)) throw invalid(`its length is ${JSON.stringify(length.slice(0, 40))}`);
      this.#left = this.#room(Number(length));
      this.#state = this.#left === 0 ? "done" : "body";
    } else {
      this.reusable = false;
      this.#state = "close";
    }
  }

  /** Bytes of the body or of a chunk, whose end of line goes with it. */
  #take(): boolean {
    const chunk = this.#state === "chunk";
    if (this.#left > 0) {
      const part = this.#rest.subarray(0, this.#left);
      if (part.length === 0) return false;
      this.#keep(part);
      this.#rest = this.#rest.subarray(part.length);
      this.#left -= part.length;
      if (this.#left > 0) return false;
    }
    if (chunk) {
      if (this.#rest.length < 2) return false;
      if (this.#rest[0] !== 13 || this.#rest[1] !== 10) throw invalid("a chunk is longer than it says");
      this.#rest = this.#rest.subarray(2);
    }
    this.#state = chunk ? "size" : "done";
    return true;
  }

  #size(): boolean {
    const line = this.#line();
    if (line === undefined) return false;
    const size = /^([0-9a-fA-F]{1,8})[ \t]*(?:;|$)/.exec(line);
    if (size === null) throw invalid(`a chunk's size is ${JSON.stringify(line.slice(0, 40))}`);
    this.#left = this.#room(Number.parseInt(size[1]!, 16));
    this.#state = this.#left === 0 ? "trailer" : "chunk";
    return true;
  }

  #trailer(): boolean {
    const line = this.#line();
    if (line === undefined) return false;
    if (line === "") this.#state = "done";
    return true;
  }

  #line(): string | undefined {
    const end = this.#rest.indexOf("\r\n");
    if (end < 0 ? this.#rest.length > LONGEST_LINE : end > LONGEST_LINE)
      throw invalid("a line between its chunks is too long");
    if (end < 0) return undefined;
    const line = this.#rest.toString("latin1", 0, end);
    this.#rest = this.#rest.subarray(end + 2);
    return line;
  }

  #keep(part: Buffer): void {
    this.#room(part.length);
    this.#length += part.length;
    if (part.length > 0) this.#parts.push(part);
  }

  /** The same number when so many bytes more are allowed. */
  #room(more: number): number {
    if (this.#length + more > this.#maxBytes) throw invalid(`it is longer than ${this.#maxBytes} bytes`);
    return more;
  }

  #answer(): HttpResponse {
    const parts = this.#parts;
    const body = parts.length === 1 ? parts[0]! : Buffer.concat(parts, this.#length);
    return { status: this.#status, headers: this.#headers, body };
  }
}

function headersOf(lines: readonly string[]): Headers {
  const headers: Headers = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase();
    if (!NAME.test(name)) throw invalid(`a header is ${JSON.stringify(line.slice(0, 60))}`);
    const value = line.slice(colon + 1).trim();
    const known = Object.hasOwn(headers, name) ? headers[name] : undefined;
    if (known !== undefined && name === "content-length" && known !== value)
      throw invalid("it has two lengths");
    const joined = known === undefined || known === value ? value : `${known}, ${value}`;
    if (name === "__proto__") continue;
    headers[name] = joined;
  }
  return headers;
}

function invalid(message: string): MatchpointError {
  return new MatchpointError("HTTP_RESPONSE_INVALID", `the answer cannot be used: ${message}`);
}
