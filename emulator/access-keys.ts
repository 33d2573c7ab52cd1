/** An ephemeral access key that was made. Source of shapes and limits: docs, iam/concepts/authorization/ephemeral-keys. */
export interface IssuedAccessKey {
  /** 20 characters. */
  readonly accessKeyId: string;
  /** 43 characters, `YC` first. */
  readonly secret: string;
  /** 285 characters, `s1.` first. */
  readonly sessionToken: string;
  readonly subjectId: string;
  readonly sessionName: string;
  /** As it was sent; whether it makes sense is not looked at. */
  readonly policy: string | undefined;
  /** Milliseconds since the epoch, by the emulator's clock. */
  readonly expiresAt: number;
}
