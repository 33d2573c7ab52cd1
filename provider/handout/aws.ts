import type { AccessKey } from "../app";

/**
 * What a `credential_process` prints for AWS's CLI and SDKs. Version is the number 1, and without Expiration nothing would
 * ever be renewed. Source: AWS SDKs and Tools Reference Guide, process credential provider.
 * @param aheadMs how far this host's clock is before the server's: the client knows no other
 */
export function credentialProcess(key: AccessKey, aheadMs: number): string {
  return JSON.stringify({
    Version: 1,
    AccessKeyId: key.accessKeyId,
    SecretAccessKey: key.secretAccessKey.reveal(),
    SessionToken: key.sessionToken.reveal(),
    Expiration: expiration(key, aheadMs),
  });
}

/**
 * What an address in AWS_CONTAINER_CREDENTIALS_FULL_URI answers; AWS's SDKs ask again before the end. Source: AWS SDKs and
 * Tools Reference Guide, container credential provider.
 * @param aheadMs how far this host's clock is before the server's: the client knows no other
 */
export function containerCredentials(key: AccessKey, aheadMs: number): string {
  return JSON.stringify({
    AccessKeyId: key.accessKeyId,
    SecretAccessKey: key.secretAccessKey.reveal(),
    Token: key.sessionToken.reveal(),
    Expiration: expiration(key, aheadMs),
  });
}

function expiration({ expiresAt }: AccessKey, aheadMs: number): string {
  return new Date(Date.parse(expiresAt) + aheadMs).toISOString();
}
