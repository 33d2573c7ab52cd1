import type * as pulumi from "@pulumi/pulumi";
import type { Resolver } from "../../provider/core/chain/resolver";
import type { AccessKeyArgs, CommonArgs } from "./generated/args";

import type { GetIamTokenArgs } from "./plain-options";

export type { GetIamTokenArgs } from "./plain-options";

type Data = Omit<CommonArgs, "resolvers">;

type Inputs<T> = {
  [K in keyof T]: pulumi.Input<
    T[K] extends object | undefined ? { [P in keyof T[K]]: pulumi.Input<T[K][P]> } : T[K]
  >;
};

/** Arguments of `getIamTokenOutput`: those of `getIamToken`, any of which may be an Output. */
export type GetIamTokenOutputArgs = Inputs<Data> & {
  resolvers?: pulumi.Input<(pulumi.Input<string> | Resolver)[]>;
};

/** Arguments of the resource `IamToken`. Here `minRemainingValidity` is `1h` by default, whatever the environment says. */
export type IamTokenArgs = Inputs<CommonArgs>;

/** Arguments of `getEphemeralAccessKey`: whose key it is, as for a token, and what it shall be like. */
export type GetEphemeralAccessKeyArgs = GetIamTokenArgs & AccessKeyArgs;

/** Arguments of `getEphemeralAccessKeyOutput`: the same, any of which may be an Output. */
export type GetEphemeralAccessKeyOutputArgs = GetIamTokenOutputArgs & Inputs<AccessKeyArgs>;
