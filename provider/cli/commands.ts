/* eslint-disable @typescript-eslint/no-require-imports -- `import()` of a file of our own would start Node's other loader */
import type { CommandModule } from "./command";

/** A command, as the list of all knows it. */
export interface CommandRow {
  readonly name: string;
  /** For the help. */
  readonly summary: string;
  /** Loads its file: the one command that is run needs none of the others'. */
  readonly load: () => CommandModule;
  /** Unless it is to tell of the flags of all of them. */
  readonly needsAll?: true;
}

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandRow[] = [
  {
    name: "token",
    summary: "Prints an IAM token. With no flags the environment decides which credential is used.",
    load: () => require("./token-command") as CommandModule,
  },
  {
    name: "exec",
    summary:
      "Runs a program with the token in its environment, and serves it a new one for as long as it lives.",
    load: () => require("./exec-command") as CommandModule,
  },
  {
    name: "serve",
    summary: "Serves tokens as the metadata service of a VM does, for programs beside it.",
    load: () => require("./serve-command") as CommandModule,
  },
  {
    name: "explain",
    summary: "Says which credential is used here, and why not the others. Asks for no token.",
    load: () => require("./explain-command") as CommandModule,
  },
  {
    name: "whoami",
    summary:
      "Says whose token is handed out here, by which resolver, and how long it lives. Prints no token.",
    load: () => require("./whoami-command") as CommandModule,
  },
  {
    name: "aws-credential-process",
    summary:
      "Prints an ephemeral access key of Object Storage, as a `credential_process` of AWS's CLI and SDKs does.",
    load: () => require("./aws-credential-process-command") as CommandModule,
  },
  {
    name: "resolvers",
    summary: "Lists the resolvers in the order they are tried, with the flags and variables of each.",
    load: () => require("./resolvers-command") as CommandModule,
  },
  {
    name: "revoke",
    summary:
      "Makes a token useless for everyone who holds it; Yandex Cloud may have given it to others too. The cache forgets it as well, whatever credential it came from.",
    load: () => require("./revoke-command") as CommandModule,
  },
  {
    name: "goauth",
    summary: "Gives Go a token for its modules in Cloud Registry: GOAUTH names this command.",
    load: () => require("./goauth-command") as CommandModule,
  },
  {
    name: "exec-credential",
    summary: "Gives kubectl, and all that is made with client-go, a token whenever they need one.",
    load: () => require("./exec-credential-command") as CommandModule,
  },
  {
    name: "kubeconfig",
    summary: "Prints a kubeconfig with no token in it, the same on every machine.",
    load: () => require("./kubeconfig-command") as CommandModule,
  },
  {
    name: "completion",
    summary: "Prints a script that completes commands, flags and their values, for the shell that is named.",
    load: () => require("./completion-command") as CommandModule,
    needsAll: true,
  },
  {
    name: "emulator",
    summary: "Runs an emulator of IAM on this machine, for tests; `yciam emulator --help` says more.",
    load: () => require("./emulator-command") as CommandModule,
  },
];
