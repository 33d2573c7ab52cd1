import * as pulumi from "@pulumi/pulumi";
import { getIamToken } from "yciam";
import { FirstCloud } from "./first-cloud";

export = async () => {
  const endpoint = new pulumi.Config().require("resourceManagerEndpoint");

  const iam = await getIamToken();
  const cloud = new FirstCloud("cloud", { endpoint, token: iam.token });

  return { token: iam.token, resolver: iam.resolver, expiresAt: iam.expiresAt, cloud: cloud.name };
};
