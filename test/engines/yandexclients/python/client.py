"""Does with the official SDK what each line of standard input says, and answers each by a line of JSON."""

import hashlib
import json
import os
import sys
from datetime import timedelta

import freezegun
import grpc
import yandexcloud
from yandex.cloud.iam.v1.iam_token_service_pb2 import (
    CreateIamTokenForServiceAccountRequest,
    CreateIamTokenRequest,
    RevokeIamTokenRequest,
)
from yandex.cloud.iam.v1.iam_token_service_pb2_grpc import IamTokenServiceStub
from yandex.cloud.resourcemanager.v1.cloud_service_pb2 import ListCloudsRequest
from yandex.cloud.resourcemanager.v1.cloud_service_pb2_grpc import CloudServiceStub
from yandexcloud._auth_fabric import get_auth_token_requester

ENDPOINT = os.environ["YC_ENDPOINT"]


def credentials():
    file = os.environ.get("YC_SERVICE_ACCOUNT_KEY_FILE")
    if file is None:
        return {}
    with open(file, encoding="utf-8") as text:
        key = json.load(text)
    # It does not read a key as `yc` writes it, with a line before the PEM.
    key["private_key"] = key["private_key"][key["private_key"].index("-----BEGIN") :]
    return {"service_account_key": key}


SDK = yandexcloud.SDK(endpoint=ENDPOINT, **credentials())
CLOUDS = SDK.client(CloudServiceStub)


def create():
    """The SDK adds no token to a call of this service, so that each call here brings its own."""
    requester = get_auth_token_requester(endpoint=ENDPOINT, **credentials())
    return SDK.client(IamTokenServiceStub).Create(requester.get_token_request()).iam_token


def fingerprint(token):
    return hashlib.sha256(token.encode()).hexdigest()[:12]


def do(word, argument=None):
    if word == "clouds":
        return CLOUDS.List(ListCloudsRequest()).clouds[0].name
    token = create()
    if word == "token":
        return fingerprint(token)
    own = (("authorization", f"Bearer {token}"),)
    service = SDK.client(IamTokenServiceStub)
    if word == "impersonate":
        asked = CreateIamTokenForServiceAccountRequest(service_account_id=argument)
        return fingerprint(service.CreateForServiceAccount(asked, metadata=own).iam_token)
    return service.Revoke(RevokeIamTokenRequest(iam_token=token), metadata=own).subject_id


def answer(words):
    try:
        return {"result": do(*words)}
    except grpc.RpcError as error:
        trailers = dict(error.trailing_metadata() or ())
        code, _ = error.code().value
        return {"code": code, "message": error.details(), "requestId": trailers.get("x-request-id")}


def main():
    for line in sys.stdin:
        words = line.split()
        if words[0] == "clock":
            freezegun.freeze_time(timedelta(seconds=int(words[1])), tick=True).start()
            print(json.dumps({"result": words[1]}), flush=True)
        else:
            print(json.dumps(answer(words)), flush=True)


main()
