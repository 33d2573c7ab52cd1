import type { Command } from "commander";
import { OptionError } from "../core/words/errors";
import { shownPath } from "../core/words/secret";
import { kubeconfig } from "../handout/kubeconfig";
import { CODES, type Parts, type Values } from "./command";
import { EXIT } from "./io";

/** The command `kubeconfig`. */
export function define(command: Command, { io, context, exit }: Parts): void {
  command
    .requiredOption("--server <url>", "address of the API server")
    .requiredOption("--ca <path>", "file with the certificate, in PEM, of the authority of the cluster")
    .requiredOption("--name <name>", "how the cluster is called in the kubeconfig")
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText("after", MORE)
    .action(async ({ server, ca: path, name }: Values) => {
      const { files } = context(false);
      const ca = await files.read(String(path), { signal: io.signal }).catch((error: unknown) => {
        io.signal.throwIfAborted();
        throw unreadable(String(path), error);
      });
      io.stdout.write(kubeconfig({ server, ca, name, args: command.args }));
      exit(EXIT.ok);
    });
}

function unreadable(path: string, error: unknown): OptionError {
  const { code } = error as NodeJS.ErrnoException;
  return new OptionError(
    `--ca names ${shownPath(path)}, which cannot be read (${code ?? "unknown error"}). Give a file with the cluster's certificate.`,
    "ca",
  );
}

const MORE = `
Prints a kubeconfig that has kubectl run \`yciam exec-credential\` for its tokens. It holds no token, and is the same on every
machine. Other flags of \`yciam exec-credential\` go into it, but none with a secret: without any, the environment of kubectl
decides whose token it is.

Example:
  yciam kubeconfig --server https://203.0.113.7 --ca ca.pem --name prod > kubeconfig

${CODES}`;
