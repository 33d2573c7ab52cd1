import type { Resolver } from "../../provider/core/chain/resolver";
import type { CommonArgs } from "./generated/args";

/** Arguments of `getIamToken` and `createTokenSource`. All are optional. */
export interface GetIamTokenArgs extends Omit<CommonArgs, "resolvers"> {
  /** Resolvers to try, in this order, by name or made with `defineResolver`. Environment: `YCIAM_RESOLVERS`. */
  resolvers?: (string | Resolver)[];
}
