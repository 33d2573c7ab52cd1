import { OptionError } from "../../core/words/errors";
import { CLUSTER, CLUSTER_REQUIRED, kubeconfig } from "../../handout/kubeconfig";
import { type ProviderFunction } from "../definition";
import { ArgumentError } from "../errors";
import { snakeCase } from "./names";

const NAMES: readonly string[] = [...CLUSTER_REQUIRED, "args"];

/** `provider::yciam::kubeconfig`. */
export const kubeconfigFunction: ProviderFunction = {
  summary: "A kubeconfig with no token in it",
  description:
    "A kubeconfig, in YAML, by which kubectl and all that is made with client-go run `yciam exec-credential` for a token whenever they need one. There is no token in it, so it is the same in every run and on every machine.",
  parameters: CLUSTER_REQUIRED.map((name) => ({ name, description: CLUSTER[name].doc })),
  rest: { name: "args", description: CLUSTER.args.doc },
  call: ([server, ca, name, ...args]) => {
    try {
      return kubeconfig({ server, ca, name, args });
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      throw new ArgumentError(error.messageFor(snakeCase), Math.max(NAMES.indexOf(error.option), 0));
    }
  },
};
