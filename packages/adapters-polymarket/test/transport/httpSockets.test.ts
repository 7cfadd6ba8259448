import { createServer as createPlain, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { createServer as createTls, setDefaultCACertificates, getCACertificates } from "node:tls";
import { isMatchpointError, SystemClock, type Transport } from "@matchpoint/sdk";
import { afterEach, describe, expect, it } from "vitest";
import { HttpSockets } from "../../src/transport/httpSockets.ts";

/** A key and certificate for `localhost`, made for these tests alone, good until 2126. */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQggoJAHyQIkmN35IWB
VXspoqy/VEuADz6CTWhn/25ABpmhRANCAARsDnxHTqp2EkEFC2lu/nXvOGrb04G0
mMwvLJUM2uYsj7d1Pryoiub/sSb3sM0GLrn3/5J2BHE1Rqms/tbjwj2w
-----END PRIVATE KEY-----`;
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBlTCCATugAwIBAgIUZ7QS5ms3a7/DgAu7kYq+ef6wzKMwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzA2NDM1N1oYDzIxMjYxMDMw
MDY0MzU3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARsDnxHTqp2EkEFC2lu/nXvOGrb04G0mMwvLJUM2uYsj7d1Pryoiub/
sSb3sM0GLrn3/5J2BHE1Rqms/tbjwj2wo2kwZzAdBgNVHQ4EFgQUAbM2Abbq0eAG
L6E5Spw4LB4z490wHwYDVR0jBBgwFoAUAbM2Abbq0eAGL6E5Spw4LB4z490wDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SAAwRQIhAIdtDB//Z8T1YDKT4ZXum5kGcKCgjzjbgM3WbxfUsF6yAiBYVGLujYtF
zUvMJlXagg3qahJYq78q4XyFSW6kYihmvw==
-----END CERTIFICATE-----`;

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
const UNKNOWN = "the outcome is unknown, not refused";

const servers: Server[] = [];
const clients: HttpSockets[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

/** A server that does with each request what it is told to; `heard` has the requests, `sockets` the connections. */
async function serve(answer: (socket: Socket, count: number) => void, tls = false) {
  const heard: string[] = [];
  const sockets: Socket[] = [];
  const onSocket = (socket: Socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    socket.on("data", (bytes: Buffer) => {
      heard.push(bytes.toString());
      answer(socket, heard.length);
    });
  };
  const server = tls ? createTls({ key: KEY, cert: CERTIFICATE }, onSocket) : createPlain(onSocket);
  server.on("tlsClientError", () => undefined);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  const client = new HttpSockets(10_000, new SystemClock());
  clients.push(client);
  const url = tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
  const post = (more: Partial<Parameters<Transport["request"]>[0]> = {}) =>
    client.request({ method: "POST", url: `${url}/order?a=b`, body: "{}", timeoutMs: 2_000, ...more });
  return { heard, sockets, post, port, url, client, server };
}

async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "none";
  } catch (error) {
    return isMatchpointError(error) ? `${error.code}: ${error.hint}` : "another error";
  }
}

describe("a request", () => {
  it("is one packet, with its length in bytes", async () => {
    const { heard, post } = await serve((socket) => socket.write(OK));
    const answer = await post({ body: '{"é":"½"}', headers: { "x-test": "1" } });
    expect([answer.status, Buffer.from(answer.body).toString()]).toEqual([200, "ok"]);
    expect(heard).toHaveLength(1);
    expect(heard[0]).toMatch(/^POST \/order\?a=b HTTP\/1\.1\r\nhost: 127\.0\.0\.1:\d+\r\n/);
    expect(heard[0]).toMatch(/x-test: 1\r\ncontent-length: 11\r\n\r\n\{"é":"½"\}$/);
  });

  it("goes over a connection that is kept, while another waits for the next", async () => {
    const { sockets, post } = await serve((socket) => socket.write(OK));
    for (let i = 0; i < 10; i++) await post();
    expect(sockets).toHaveLength(2);
    await Promise.all([post(), post(), post()]);
    expect(sockets).toHaveLength(3);
  });

  it("is not given to a connection that the server has closed, and is never sent twice", async () => {
    const { heard, sockets, post } = await serve((socket) => socket.end(OK));
    for (let i = 0; i < 3; i++) {
      expect((await post()).status).toBe(200);
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(heard).toHaveLength(3);
  });

  it("is followed by no answer that came before it", async () => {
    const { post } = await serve((socket, count) => {
      socket.write(count === 1 ? `${OK}HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nwrong` : OK);
    });
    await post();
    await new Promise((resolve) => setTimeout(resolve, 20));
    for (let i = 0; i < 3; i++) expect(Buffer.from((await post()).body).toString()).toBe("ok");
  });

  it("follows no redirect", async () => {
    const { heard, post } = await serve((socket) =>
      socket.write("HTTP/1.1 307 x\r\nlocation: /else\r\ncontent-length: 0\r\n\r\n"),
    );
    expect((await post()).status).toBe(307);
    expect(heard).toHaveLength(1);
  });
});

describe("a request without an answer", () => {
  it.each([
    ["a reset", (socket: Socket) => socket.resetAndDestroy()],
    ["half an answer", (socket: Socket) => socket.end(OK.slice(0, -1))],
    ["silence", () => undefined],
    ["drops", (socket: Socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx")],
  ])("may have been done: %s", async (_, answer) => {
    const { heard, post } = await serve(answer);
    expect(await failure(post({ timeoutMs: 100 }))).toBe(`HTTP_FAILED: ${UNKNOWN}`);
    expect(heard).toHaveLength(1);
  });

  it("may have been done when the answer is none", async () => {
    const { post } = await serve((socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n"));
    expect(await failure(post())).toBe(`HTTP_RESPONSE_INVALID: ${UNKNOWN}`);
  });

  it("was not sent without a connection, or in a form that cannot be sent", async () => {
    const { server, post, heard, client, url } = await serve((socket) => socket.write(OK));
    for (const headers of [{ "x y": "1" }, { x: "1\r\ny: 2" }, { x: "€" }])
      expect(await failure(post({ headers }))).toBe("HTTP_FAILED: it was not sent");
    for (const path of ["/a b", "/a\r\nx: y", "/#a", "/é"])
      expect(await failure(post({ url: `${url}${path}` }))).toBe("HTTP_FAILED: it was not sent");
    for (const bad of ["ftp://127.0.0.1/", "http://u:p@127.0.0.1/", "nothing"])
      expect(await failure(post({ url: bad }))).toBe("HTTP_FAILED: it was not sent");
    expect(await failure(post({ signal: AbortSignal.abort() }))).toBe("ABORTED: it was not sent");
    expect(heard).toEqual([]);
    client.close();
    await new Promise((resolve) => server.close(resolve));
    expect(await failure(post())).toBe("HTTP_FAILED: it was not sent");
  });

  it("ends when the caller gives up", async () => {
    const stop = new AbortController();
    const { post } = await serve(() => {
      stop.abort();
    });
    expect(await failure(post({ signal: stop.signal }))).toBe(`ABORTED: ${UNKNOWN}`);
  });
});

describe("TLS", () => {
  it("sends nothing to a server whose certificate nobody vouches for, and is used with one that is", async () => {
    const { heard, sockets, post } = await serve((socket) => socket.write(OK), true);
    expect(await failure(post())).toBe("HTTP_FAILED: it was not sent");
    expect(heard).toEqual([]);
    const before = getCACertificates("default");
    setDefaultCACertificates([CERTIFICATE]);
    try {
      const known = sockets.length;
      for (let i = 0; i < 4; i++) expect((await post()).status).toBe(200);
      expect([heard.length, sockets.length - known]).toEqual([4, 2]);
      const { port } = servers[0]!.address() as AddressInfo;
      // The certificate is another name's.
      expect(await failure(post({ url: `https://127.0.0.1:${port}/` }))).toBe("HTTP_FAILED: it was not sent");
      expect(heard).toHaveLength(4);
    } finally {
      setDefaultCACertificates(before);
    }
  });
});
