import { newId, nanoTimestamp } from "./ids";
import { type Route } from "./http";
import { authenticate, type State } from "./state";

/** The resource-manager's list of clouds: something that only a valid IAM token opens. */
export function cloudRoutes(state: State): Route<"clouds">[] {
  const id = newId("b1g");
  const createdAt = nanoTimestamp(Date.UTC(2026, 0, 15));
  const organizationId = newId("bpf");
  return [
    {
      name: "clouds",
      method: "GET",
      path: "/resource-manager/v1/clouds",
      handle: (call) => {
        authenticate(state, call);
        return {
          status: 200,
          body: {
            clouds: [{ id, createdAt, name: state.settings.cloudName, description: "", organizationId }],
          },
        };
      },
    },
  ];
}
