import * as pulumi from "@pulumi/pulumi";
import { getIamTokenOutput, Provider } from "yciam";

const config = new pulumi.Config();

const deployer = new Provider("deployer", {
  serviceAccountKey: { json: config.requireSecret("deployerKey") },
});
const auditor = new Provider("auditor", { serviceAccountKey: { json: config.requireSecret("auditorKey") } });

const deploying = getIamTokenOutput({}, { provider: deployer });
const auditing = getIamTokenOutput({ minRemainingValidity: "30m" }, { provider: auditor });

export const deployerToken = deploying.token;
export const auditorAuthorization = auditing.authorizationHeader;
export const deployerId = deploying.subjectId;
export const auditorId = auditing.subjectId;
