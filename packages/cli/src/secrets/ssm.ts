import type * as Client from "@aws-sdk/client-ssm";
import { MatchpointError, Secret, type SecretProvider } from "@matchpoint/sdk";

/** The part of @aws-sdk/client-ssm that is used. */
type Ssm = typeof Client;

/** What {@link ssmSecrets} needs. */
export interface SsmOptions {
  readonly region?: string;
  readonly endpoint?: string;
  readonly timeoutMs: number;
  /** A variable of the environment, read once. */
  readonly variable: (name: string) => Secret | undefined;
  /** Loads the client; default: the package @aws-sdk/client-ssm, which is installed by who uses it. */
  readonly load?: () => Promise<Ssm>;
}

const PACKAGE = "@aws-sdk/client-ssm";
const VERSION = "3.1169.0";

/**
 * Secure parameters of AWS Systems Manager, with whatever identity the AWS SDK finds: keys of the environment, a profile, the machine's
 * role. Names are those of the parameters.
 */
export function ssmSecrets(options: SsmOptions): SecretProvider {
  let opened: Promise<Pick<InstanceType<Ssm["SSMClient"]>, "send">> | undefined;
  let ssm: Promise<Ssm> | undefined;
  return {
    async get(name) {
      const { GetParameterCommand } = await (ssm ??= loaded(options));
      const client = await (opened ??= ssm.then((module) => clientOf(module, options)));
      const late = AbortSignal.timeout(3 * options.timeoutMs);
      const answer = await client
        .send(new GetParameterCommand({ Name: name, WithDecryption: true }), { abortSignal: late })
        .catch((error: unknown) => {
          throw refusal(error, name, late.aborted);
        });
      const { Type: type, Value: value } = answer.Parameter ?? {};
      if (typeof value !== "string")
        throw new MatchpointError("HTTP_RESPONSE_INVALID", `AWS's answer has no value of ${name}`);
      if (type !== "SecureString")
        throw new MatchpointError(
          "SECRET_UNSAFE",
          `${name} in AWS is a ${type ?? "parameter"}, not encrypted`,
          {
            hint: "Make it a SecureString: aws ssm put-parameter --type SecureString.",
          },
        );
      return new Secret(value);
    },
  };
}

async function loaded({ load }: SsmOptions): Promise<Ssm> {
  try {
    return await (load === undefined ? import("@aws-sdk/client-ssm") : load());
  } catch (cause) {
    throw new MatchpointError(
      "SECRET_UNAVAILABLE",
      `secrets from AWS need ${PACKAGE}, which is not installed`,
      {
        hint: `Install it: npm install --save-exact ${PACKAGE}@${VERSION}`,
        cause,
      },
    );
  }
}

function clientOf(
  { SSMClient }: Ssm,
  { region, endpoint, timeoutMs, variable }: SsmOptions,
): InstanceType<Ssm["SSMClient"]> {
  const [id, secret, session] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"].map(
    variable,
  );
  return new SSMClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: timeoutMs, requestTimeout: timeoutMs, throwOnRequestTimeout: true },
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(id === undefined || secret === undefined
      ? {}
      : {
          credentials: {
            accessKeyId: id.reveal(),
            secretAccessKey: secret.reveal(),
            ...(session === undefined ? {} : { sessionToken: session.reveal() }),
          },
        }),
  });
}

const DENIED =
  /AccessDenied|UnrecognizedClient|ExpiredToken|InvalidSignature|IncompleteSignature|MissingAuth|Credentials/;

/** What AWS's error means. Its own text is not passed on: it may quote the request. */
function refusal(error: unknown, name: string, late: boolean): MatchpointError {
  const { name: kind = "Error" } = error as { readonly name?: string };
  if (/ParameterNotFound|ParameterVersionNotFound/.test(kind))
    return new MatchpointError("SECRET_MISSING", `AWS has no parameter ${name}`, {
      hint: "Is it of that region? See secret_providers.ssm.region.",
    });
  if (DENIED.test(kind))
    return new MatchpointError("SECRET_DENIED", `AWS does not give ${name}: ${kind}`, {
      hint: "The identity needs ssm:GetParameter on it, and kms:Decrypt on its key.",
    });
  return new MatchpointError(
    "SECRET_UNAVAILABLE",
    `AWS does not give ${name} now: ${late ? "no answer in time" : kind}`,
    {
      hint: "Is the region set (secret_providers.ssm.region), and reachable from here?",
    },
  );
}
