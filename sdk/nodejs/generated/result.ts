// Written by `npm run generate` from the rows of the result.

import type * as pulumi from "@pulumi/pulumi";

/** What the data source answers. The two secrets are secret Outputs in every form; the rest can be shown. */
export interface GetIamTokenResult {
  /** The IAM token. */ readonly token: pulumi.Output<string>;
  /** `Bearer ` and the token. */ readonly authorizationHeader: pulumi.Output<string>;
  /** When the token dies: RFC 3339, UTC. Absent where its life is not known. */ readonly expiresAt?: string;
  /** When it was got: RFC 3339, UTC. Absent for a token that was handed in ready. */ readonly issuedAt?: string;
  /** When a later call would renew it: RFC 3339, UTC. */ readonly refreshAt?: string;
  /** Name of the resolver that answered, such as `serviceAccountKey`. */ readonly resolver: string;
  /** Whose token it is: the id of a service account or a user. Absent where it is not known. */ readonly subjectId?: string;
  /** First 12 hex digits of the token's SHA-256: compares two places without showing a token. */ readonly fingerprint: string;
}

/** An ephemeral access key. The two secrets are secret Outputs in every form; the rest can be shown. */
export interface GetEphemeralAccessKeyResult {
  /** Id of the key; AWS's clients call it the access key. */ readonly accessKeyId: string;
  /** The key's secret, with which requests are signed. */ readonly secretAccessKey: pulumi.Output<string>;
  /** Goes with each request beside the signature. */ readonly sessionToken: pulumi.Output<string>;
  /** When the key dies: RFC 3339, UTC. */ readonly expiresAt: string;
}
