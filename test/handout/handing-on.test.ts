import { expect } from "chai";
import { type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { json } from "node:stream/consumers";
import { type Emulator, type KeyFile, startEmulator } from "../../emulator";
import { sessionCredentials } from "../../sdk/nodejs/nodejs-sdk";
import { createTokenSource } from "../../sdk/nodejs/token";
import { type TokenProvider, ydbCredentials } from "../../sdk/nodejs/ydb";
import { printing } from "../cli/asking";
import { Cli } from "../cli/run";
import { ok, runCommand } from "../support/run-command";

const CALLERS = 50;
const TEN_MINUTES = 600_000;
const HOUR = 3_600_000;
const GO_URL = "https://registry.yandexcloud.net/go/x/@v/list";

/** What a test has, and a user with a key file. */
interface World {
  readonly emulator: Emulator;
  readonly key: KeyFile;
  readonly cli: Cli;
  readonly docker: Cli;
  /** Variables beyond those for the key and the emulator. */
  readonly env: Record<string, string>;
}

/** A way in which tokens are handed on, opened for one test. */
interface Way {
  /** What a client is given: a token, or the id of a key that was bought with one. */
  readonly ask: () => Promise<string>;
  /** What one is given that was refused the former; absent where no client can say so. */
  readonly askRefused?: () => Promise<string>;
  readonly close?: () => Promise<unknown>;
}

/** A row of the table. */
interface Row {
  readonly open: (world: World) => Promise<Way> | Way;
  /** Whether each client is a process of its own: two of those may both find the cache empty. */
  readonly processes: boolean;
  /** Keys of Object Storage are in memory alone, so a new process has no old one in an outage. */
  readonly keepsNothing?: true;
  /** Its protocol has no word for a token that was refused: one that was revoked is given until it is due. */
  readonly isDeaf?: true;
}

type Fields = Readonly<Record<string, string>>;
const field = (name: string) => (stdout: string) => String((JSON.parse(stdout) as Fields)[name]);

/** The id of a key, once its end is seen to be told by the clock of this host, which its client goes by. */
const keyOf = (json: Fields): string => {
  expect(Date.parse(String(json.Expiration)) - Date.now()).to.be.closeTo(HOUR, 30_000);
  return String(json.AccessKeyId);
};

/** A command that is run anew whenever a client needs a token. */
function command(
  words: readonly string[],
  read: (stdout: string) => string,
  of: "cli" | "docker" = "cli",
): Row {
  const open = (world: World) => ({
    ask: async () => read(ok(await world[of].run(words, { input: "cr.yandex", env: world.env })).stdout),
  });
  return { open, processes: true };
}

const GOAUTH: Row = {
  processes: true,
  open: ({ cli, env }) => {
    const run = async (words: readonly string[], input: string) => {
      const { stdout } = ok(await cli.run(["goauth", ...words], { input, env }));
      const [, password = ""] = /Basic (\S+)/.exec(stdout) ?? [];
      return Buffer.from(password, "base64").toString().replace(/^iam:/, "");
    };
    // A token that is older than its refusal by seconds alone is not taken for the one that was refused.
    const date = () => new Date(Date.now() + TEN_MINUTES).toUTCString();
    const head = () => `HTTP/1.1 401 Unauthorized\r\nDate: ${date()}\r\n\r\n`;
    return { ask: () => run([], ""), askRefused: () => run([GO_URL], head()) };
  },
};

const KUBERNETES_EXEC_INFO = JSON.stringify({
  kind: "ExecCredential",
  apiVersion: "client.authentication.k8s.io/v1",
  spec: { interactive: false },
});

/** Its client is the parent: one shell that asks twice was refused. */
const EXEC_CREDENTIAL: Row = {
  processes: true,
  open: ({ cli, env }) => {
    const words = cli.words(["exec-credential"]).map((word) => `'${word}'`);
    const shell = async (script: string) => {
      const { stdout } = ok(
        await runCommand(["sh", "-ec", script], {
          cwd: cli.home,
          env: { ...cli.env(), ...env, KUBERNETES_EXEC_INFO },
        }),
      );
      return (JSON.parse(stdout) as { status: { token: string } }).status.token;
    };
    const line = words.join(" ");
    return {
      ask: () => shell(`${line}; true`),
      askRefused: () => shell(`${line} >first.json; ${line}; true`),
    };
  },
};

/** `yciam serve`, asked at an address that its variables tell. */
function served(
  read: (json: Fields) => string,
  request: (variables: Fields) => { url: string; headers: Fields },
): Row {
  const open = async ({ cli, env }: World) => {
    const child: ChildProcess = cli.start(["serve"], ["ignore", "pipe", "ignore"], env);
    const printed = await printing(child)("AWS_CONTAINER_AUTHORIZATION_TOKEN='");
    const lines = Array.from(printed.matchAll(/^export (\w+)='(.*)'$/gm), ([, variable, value]) => [
      variable,
      value,
    ]);
    const { url, headers } = request(Object.fromEntries(lines) as Fields);
    return {
      ask: async () => {
        const [reply] = (await once(get(url, { headers, agent: false }), "response")) as [IncomingMessage];
        return read((await json(reply)) as Fields);
      },
      close: async () => {
        child.kill();
        await once(child, "exit");
      },
    };
  };
  return { open, processes: false, isDeaf: true };
}

abstract class CredentialsProvider implements TokenProvider {
  abstract getToken(force?: boolean, signal?: AbortSignal): Promise<string>;
}

const sourceOf = ({ emulator, key, env }: World) =>
  createTokenSource({
    serviceAccountKey: { json: JSON.stringify(key) },
    iamEndpoint: emulator.iamEndpoint,
    cache: "memory",
    retries: 0,
    ...(env.YCIAM_REFRESH_AFTER !== undefined && { refreshAfter: env.YCIAM_REFRESH_AFTER }),
  });

const WAYS: Readonly<Record<string, Row>> = {
  "yciam token": command(["token"], (stdout) => stdout.trim()),
  "yciam exec": command(["exec", "--no-mask", "--", "sh", "-c", 'printf %s "$YC_TOKEN"'], (stdout) => stdout),
  "yciam exec-credential": EXEC_CREDENTIAL,
  "yciam goauth": GOAUTH,
  "docker-credential-yciam": command(["get"], field("Secret"), "docker"),
  "yciam aws-credential-process": {
    ...command(["aws-credential-process"], (stdout) => keyOf(JSON.parse(stdout) as Fields)),
    keepsNothing: true,
  },
  "yciam serve, as a metadata service": served(
    (reply) => String(reply.access_token),
    ({ YC_METADATA_ADDR }) => ({
      url: `http://${YC_METADATA_ADDR}/computeMetadata/v1/instance/service-accounts/default/token`,
      headers: { "Metadata-Flavor": "Google" },
    }),
  ),
  "yciam serve, for AWS's clients": served(keyOf, (variables) => ({
    url: String(variables.AWS_CONTAINER_CREDENTIALS_FULL_URI),
    headers: { Authorization: String(variables.AWS_CONTAINER_AUTHORIZATION_TOKEN) },
  })),
  "yciam/nodejs-sdk": {
    processes: false,
    isDeaf: true,
    open: (world) => {
      const { iamToken } = sessionCredentials(sourceOf(world));
      return { ask: () => Promise.resolve(iamToken) };
    },
  },
  "yciam/ydb": {
    processes: false,
    open: (world) => {
      const credentials = ydbCredentials(CredentialsProvider, sourceOf(world));
      return { ask: () => credentials.getToken(), askRefused: () => credentials.getToken(true) };
    },
  },
};

for (const [name, { open, processes, keepsNothing = false, isDeaf = false }] of Object.entries(WAYS)) {
  describe(`what is handed on by ${name}`, function () {
    this.timeout(60_000);
    let world: World;
    let way: Way;

    beforeEach(async () => {
      const emulator = await startEmulator();
      const key = await emulator.createKey();
      const variables = {
        YCIAM_IAM_ENDPOINT: emulator.iamEndpoint,
        YC_SERVICE_ACCOUNT_KEY_FILE: "key.json",
        YCIAM_RETRIES: "0",
      };
      const cli = new Cli(variables);
      const docker = new Cli(
        { ...variables, XDG_CACHE_HOME: `${cli.home}/.cache` },
        "docker-credential-yciam",
      );
      [cli, docker].forEach((one) => one.write("key.json", JSON.stringify(key)));
      world = { emulator, key, cli, docker, env: {} };
    });
    afterEach(async () => {
      await way.close?.();
      [world.cli, world.docker].forEach((cli) => cli.cleanup());
      await world.emulator.close();
    });

    /** Whether what was given opens anything now. */
    const isAlive = (given: string) => {
      const { emulator } = world;
      const key = emulator.issuedAccessKeys.find(({ accessKeyId }) => accessKeyId === given);
      return key === undefined ? emulator.review(given) !== undefined : key.expiresAt > emulator.now();
    };

    it(`costs ${processes ? "at most two exchanges" : "one exchange"} for fifty who ask at once`, async () => {
      way = await open(world);
      const given = await Promise.all(Array.from({ length: CALLERS }, () => way.ask()));
      const { exchanges, ephemeralAccessKeys } = world.emulator.counts;
      expect(exchanges).to.be.within(1, processes ? 2 : 1);
      // A process keeps no key for another.
      expect(ephemeralAccessKeys).to.be.oneOf([0, processes ? CALLERS : 1]);
      expect(given.every(isAlive)).to.equal(true);
    });

    for (const [how, offset] of [
      ["slow", TEN_MINUTES],
      ["fast", -TEN_MINUTES],
    ] as const)
      it(`lives though the clock of this machine is ten minutes ${how}`, async () => {
        world.emulator.clockOffsetMs = offset;
        way = await open(world);
        expect(await way.ask()).to.satisfy(isAlive);
      });

    it(`is ${keepsNothing ? "an error, with no old one at hand," : "the old one"} in an outage`, async () => {
      world.env.YCIAM_REFRESH_AFTER = "1ms";
      way = await open(world);
      const given = await way.ask();
      await world.emulator.close();
      const asked = way.ask().catch((error: unknown) => (error as Error).message);
      if (keepsNothing) expect(await asked).to.match(/ECONNREFUSED|cannot be reached|unreachable/);
      else expect(await asked).to.equal(given);
    });

    if (isDeaf) return;
    it("is another one, and one alone, once the first was revoked and that was told", async () => {
      way = await open(world);
      const { emulator, cli, env } = world;
      await way.ask();
      const [first] = emulator.issuedTokens;
      if (first === undefined) throw new Error("no token was issued");
      first.revoked = true;
      if (way.askRefused === undefined) await cli.run(["revoke"], { input: first.token, env });
      const given = await (way.askRefused ?? way.ask)();
      expect(given).not.to.equal(first.token);
      expect(given).to.satisfy(isAlive);
      expect(emulator.counts.exchanges).to.equal(2);
    });
  });
}
