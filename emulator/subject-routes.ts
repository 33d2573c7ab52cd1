import { ApiError } from "./errors";
import { type Route } from "./http";
import { authenticate, type State } from "./state";

const PATH = /^\/iam\/v1\/subjects\/([^/:]+)$/;

/** SubjectDetailsService.Get over REST: what is told of an account, or of the user of an OAuth token. */
export function subjectRoutes(state: State): Route<"subjects">[] {
  return [
    {
      name: "subjects",
      method: "GET",
      path: PATH,
      handle: (call) => {
        const asker = authenticate(state, call).subjectId;
        const [, id = ""] = PATH.exec(call.path) ?? [];
        const subject = find(state, id, asker);
        // Unconfirmed: the text, and whether IAM hides from strangers that a subject exists.
        if (subject === undefined) throw new ApiError(5, `Subject ${id} not found`);
        // Unconfirmed: whom IAM lets ask. Here everyone may ask of himself, and of whom he may act as.
        if (id !== asker && !state.accounts.mayCreateTokens(asker, id))
          throw new ApiError(7, "Permission denied");
        return { status: 200, body: { subject } };
      },
    },
  ];
}

function find(state: State, id: string, asker: string): object | undefined {
  const account = state.accounts.find(id);
  if (account !== undefined) return describe(id, account.name, "SERVICE_ACCOUNT", "serviceAccount");
  // A token without an account is that of a user.
  return id === asker ? describe(id, `User ${id.slice(-4)}`, "USER_ACCOUNT", "userAccount") : undefined;
}

function describe(sub: string, name: string, type: string, details: string): object {
  return { sub, type, status: "ACTIVE", name, [details]: {} };
}
