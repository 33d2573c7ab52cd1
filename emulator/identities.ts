import { type Identities } from "./api";
import { type State } from "./state";

/** The part of the emulator that makes and removes accounts, keys and tokens. */
export function createIdentities(state: State): Identities {
  const { accounts, keys, oauthTokens, federations, clock } = state;
  return {
    addServiceAccount: (options) => accounts.add(options),
    deleteServiceAccount: (id) => accounts.delete(id),
    grantTokenCreator: (subjectId, serviceAccountId) =>
      accounts.grantTokenCreator(subjectId, serviceAccountId),
    grantAccessKeyAdmin: (subjectId, serviceAccountId) =>
      accounts.grantAccessKeyAdmin(subjectId, serviceAccountId),
    createKey: async ({ serviceAccountId = accounts.add().id, algorithm = "RSA_2048" } = {}) => {
      if (accounts.find(serviceAccountId) === undefined) {
        throw new RangeError(
          `No service account ${serviceAccountId} in the emulator: call addServiceAccount first`,
        );
      }
      return keys.create(serviceAccountId, algorithm, clock.now());
    },
    deleteKey: (id) => keys.delete(id),
    addOauthToken: (options) => oauthTokens.add(options),
    addFederation: (options) => federations.add(options),
    addFederatedCredential: (credential) => federations.addCredential(credential),
  };
}
