import { createHash, createHmac } from "node:crypto";
import { serve, type Asked, type Fake, type Told } from "./httpFake.ts";

/** Whom the fake knows, and what it keeps. */
export interface SsmState {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly parameters: Readonly<Record<string, { readonly Type: string; readonly Value: string }>>;
  /** Requests that are throttled before any other. */
  throttled?: number;
  denied?: boolean;
  odd?: Told;
}

const error = (type: string, message: string): Told => ({
  status: 400,
  json: { __type: type, message },
  headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-errortype": type },
});

/** AWS Systems Manager's `GetParameter`, for who signs as Signature Version 4 has it. */
export function fakeSsm(state: SsmState): Promise<Fake> {
  return serve((asked) => {
    if (state.odd !== undefined) return state.odd;
    if ((state.throttled ?? 0) > 0) {
      state.throttled = state.throttled! - 1;
      return error("ThrottlingException", "Rate exceeded");
    }
    if (asked.headers["x-amz-target"] !== "AmazonSSM.GetParameter")
      return error("UnknownOperationException", "");
    const signed = signatureProblem(asked, state);
    if (signed !== undefined) return error(signed, "The security token included in the request is invalid.");
    const { Name: name, WithDecryption: decrypt } = JSON.parse(asked.body) as Record<string, unknown>;
    if (state.denied === true)
      return error("AccessDeniedException", `not authorized to perform ssm:GetParameter`);
    const found = state.parameters[String(name)];
    if (found === undefined) return error("ParameterNotFound", "");
    const value = found.Type === "SecureString" && decrypt !== true ? "AQICAHi…" : found.Value;
    const parameter = {
      ARN: `arn:aws:ssm:eu-west-1:1:parameter${String(name)}`,
      DataType: "text",
      Version: 1,
    };
    return {
      status: 200,
      json: { Parameter: { ...parameter, LastModifiedDate: 1.78e9, Name: name, ...found, Value: value } },
      headers: { "content-type": "application/x-amz-json-1.1" },
    };
  });
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** AWS's name for what is wrong with a signature; `undefined`: nothing. */
function signatureProblem({ method, url, headers, body }: Asked, state: SsmState): string | undefined {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([\w-]+)\/ssm\/aws4_request, SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? "",
    );
  if (match === null) return "MissingAuthenticationTokenException";
  const [, id, day, region, names, signature] = match as unknown as readonly string[];
  if (id !== state.accessKeyId) return "UnrecognizedClientException";
  const listed = names!.split(";").map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const canonical = [method, url.pathname, "", listed.join(""), names, sha256(body)].join("\n");
  const scope = `${day!}/${region!}/ssm/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, sha256(canonical)].join("\n");
  const key = [region!, "ssm", "aws4_request"].reduce<Buffer>(
    (with_, part) => hmac(with_, part),
    hmac(`AWS4${state.secretAccessKey}`, day!),
  );
  return hmac(key, text).toString("hex") === signature ? undefined : "InvalidSignatureException";
}
