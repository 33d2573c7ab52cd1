import type { AccessKey } from "../app";

/**
 * What a `credential_process` prints for AWS's CLI and SDKs. Version is the number 1, and without Expiration nothing would
 * ever be renewed. Source: AWS SDKs and Tools Reference Guide, process credential provider.
 */
export function credentialProcess(key: AccessKey): string {
  return JSON.stringify({
    Version: 1,
    AccessKeyId: key.accessKeyId,
    SecretAccessKey: key.secretAccessKey.reveal(),
    SessionToken: key.sessionToken.reveal(),
    Expiration: key.expiresAt,
  });
}

/**
 * What an address in AWS_CONTAINER_CREDENTIALS_FULL_URI answers; AWS's SDKs ask again before the end. Source: AWS SDKs and
 * Tools Reference Guide, container credential provider.
 */
export function containerCredentials(key: AccessKey): string {
  return JSON.stringify({
    AccessKeyId: key.accessKeyId,
    SecretAccessKey: key.secretAccessKey.reveal(),
    Token: key.sessionToken.reveal(),
    Expiration: key.expiresAt,
  });
}
