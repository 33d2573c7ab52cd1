import json
from urllib.request import Request, urlopen

import pulumi
import pulumi_yciam as yciam

config = pulumi.Config()
endpoint = config.require("resourceManagerEndpoint")
key = config.require_secret("key")


def first_cloud(authorization: str) -> str:
    request = Request(f"{endpoint}/resource-manager/v1/clouds", headers={"Authorization": authorization})
    with urlopen(request, timeout=30) as answer:
        return json.load(answer)["clouds"][0]["name"]


# Always the form that ends in _output: the plain one drops the mark of secrecy.
iam = yciam.get_iam_token_output(service_account_key={"json": key})

# The same under a provider, which holds the identity for every call that names it.
deployer = yciam.Provider("deployer", service_account_key={"json": key}, min_remaining_validity="30m")
through = pulumi.InvokeOutputOptions(provider=deployer)
held = yciam.get_iam_token_output(opts=through)

pulumi.export("token", iam.token)
pulumi.export("authorization", iam.authorization_header)
pulumi.export("held", held.token)
# What may be shown; the provider holds the key, so that no argument is secret.
pulumi.export("expiresAt", yciam.get_iam_token_info_output(opts=through).expires_at)
pulumi.export("cloud", pulumi.Output.unsecret(held.authorization_header.apply(first_cloud)))
