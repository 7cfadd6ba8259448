import fc from "fast-check";
import { isMatchpointError, type HttpResponse } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { HttpReply } from "../../src/transport/httpReply.ts";

const read = (bytes: Buffer, cuts: readonly number[] = [], maxBytes = 10_000) => {
  const reply = new HttpReply(maxBytes);
  const edges = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  let answer: HttpResponse | undefined;
  for (let i = 1; i < edges.length && answer === undefined; i++)
    answer = reply.feed(bytes.subarray(edges[i - 1], edges[i]));
  return { reply, answer };
};

const text = (answer: HttpResponse | undefined) =>
  answer === undefined ? undefined : `${answer.status} ${Buffer.from(answer.body).toString("latin1")}`;

describe("an answer", () => {
  it("is the same however it is framed and wherever it is cut", () => {
    const body = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
    const sizes = fc.array(fc.integer({ min: 1, max: 64 }), { maxLength: 20 });
    const cuts = fc.array(fc.nat(2_000), { maxLength: 30 });
    fc.assert(
      fc.property(body, sizes, cuts, fc.boolean(), fc.boolean(), (sent, chunks, at, chunked, interim) => {
        const parts = [interim ? "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" : ""];
        parts.push("HTTP/1.1 425 Too Early\r\nX-Some:  a value \r\nretry-after: 2\r\n");
        if (chunked) {
          parts.push("Transfer-Encoding: chunked\r\n\r\n");
          let rest = sent.toString("latin1");
          for (const size of [...chunks, sent.length])
            if (rest.length > 0 && size > 0) {
              parts.push(`${Math.min(size, rest.length).toString(16)};x=y\r\n`, rest.slice(0, size), "\r\n");
              rest = rest.slice(size);
            }
          parts.push("0\r\ntrailer: z\r\n\r\n");
        } else parts.push(`Content-Length: ${sent.length}\r\n\r\n`, sent.toString("latin1"));
        const { answer, reply } = read(Buffer.from(parts.join(""), "latin1"), at);
        expect(answer?.status).toBe(425);
        expect(Buffer.from(answer!.body)).toEqual(sent);
        expect(answer!.headers).toMatchObject({ "x-some": "a value", "retry-after": "2" });
        expect(reply.reusable).toBe(true);
      }),
    );
  });

  it.each([
    ["HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok", "200 ok", true],
    ["HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: Close\r\n\r\nok", "200 ok", false],
    ["HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok", "200 ok", false],
    ["HTTP/1.1 204 No Content\r\n\r\n", "204 ", true],
    ["HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n", "200 ", true],
    // What comes after the answer is nobody's.
    ["HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n", "200 ok", false],
    ["HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 2\r\n\r\nok", "200 ok", true],
    ["HTTP/1.1 302 Found\r\nlocation: /else\r\ncontent-length: 0\r\n\r\n", "302 ", true],
  ])("%j is read", (raw, expected, reusable) => {
    const { answer, reply } = read(Buffer.from(raw));
    expect([text(answer), reply.reusable]).toEqual([expected, reusable]);
  });

  it("without a length ends with its connection", () => {
    const { answer, reply } = read(Buffer.from("HTTP/1.1 200 OK\r\n\r\nall of it"), [25]);
    expect(answer).toBeUndefined();
    expect([text(reply.end()), reply.reusable]).toEqual(["200 all of it", false]);
    expect(read(Buffer.from("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nok")).reply.end()).toBeUndefined();
  });

  it("keeps what the server says of idle connections", () => {
    const raw = "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5, max=100\r\ncontent-length: 0\r\n\r\n";
    expect(read(Buffer.from(raw)).reply.keepAliveMs).toBe(5_000);
  });

  it.each([
    "HTTP/2 200\r\n\r\n",
    "HTTP/1.1 099 x\r\n\r\n",
    "<html>\r\n\r\n",
    "HTTP/1.1 101 Switching\r\n\r\n",
    "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok",
    "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n",
    "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
    "HTTP/1.1 200 OK\r\ncontent-length: 0x2\r\n\r\nok",
    "HTTP/1.1 200 OK\r\ncontent-length: 1e9\r\n\r\n",
    "HTTP/1.1 200 OK\r\ncontent-length: 10001\r\n\r\n",
    "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\nok",
    "HTTP/1.1 200 OK\r\n folded: x\r\n\r\n",
    "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
    "HTTP/1.1 200 OK\r\nbad name : x\r\n\r\n",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nokay\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffff\r\n",
    `HTTP/1.1 200 OK\r\nx: ${"y".repeat(70_000)}`,
    `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;${"y".repeat(5_000)}`,
    `HTTP/1.1 200 OK\r\n\r\n${"y".repeat(10_001)}`,
  ])("%j is refused", (raw) => {
    let code = "none";
    try {
      read(Buffer.from(raw));
    } catch (error) {
      code = isMatchpointError(error) ? error.code : "another error";
    }
    expect(code).toBe("HTTP_RESPONSE_INVALID");
  });

  it("of rubbish is an answer, a refusal or nothing, and never another error", () => {
    const rubbish = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc
        .array(
          fc.constantFrom(
            "HTTP/1.1 200 OK",
            "\r\n",
            "\r\n\r\n",
            "content-length: 3",
            "__proto__: 1",
            "3",
            "abc",
            ":",
          ),
          { maxLength: 20 },
        )
        .map((parts) => Buffer.from(parts.join(""))),
    );
    fc.assert(
      fc.property(rubbish, fc.array(fc.nat(200)), (bytes, cuts) => {
        try {
          read(bytes, cuts);
        } catch (error) {
          expect(isMatchpointError(error)).toBe(true);
        }
      }),
    );
  });
});
