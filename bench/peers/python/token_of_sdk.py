"""A token by the official Python SDK; or, told how many milliseconds to go on, tokens a second from memory."""
import json
import os
import sys
import time

import grpc
import yandexcloud
from yandex.cloud.iam.v1.iam_token_service_pb2_grpc import IamTokenServiceStub
from yandexcloud._auth_plugin import Credentials


class Call:
    """What gRPC tells the SDK of a call that needs a token."""

    service_url = "https://localhost/yandex.cloud.compute.v1.InstanceService"


def main():
    with open(os.environ["YC_SERVICE_ACCOUNT_KEY_FILE"], encoding="utf-8") as file:
        key = json.load(file)
    key["private_key"] = key["private_key"][key["private_key"].index("-----BEGIN") :]
    with open(os.environ["SSL_CERT_FILE"], "rb") as file:
        roots = file.read()
    sdk = yandexcloud.SDK(service_account_key=key, endpoint=os.environ["BENCH_GRPC"], root_certificates=roots)
    channels = sdk._channels
    requester = channels._token_requester
    channel = grpc.secure_channel(channels.endpoints["iam"], channels._channel_creds)
    answer = IamTokenServiceStub(channel).Create(requester.get_token_request())
    if len(sys.argv) == 1:
        print(answer.iam_token)
        return
    # The SDK asks this object for the token of each call.
    credentials = Credentials(requester, lambda: channel)
    credentials._save_token(answer)
    print(per_second(int(sys.argv[1]), lambda: credentials(Call, lambda metadata, error: None)))


def per_second(milliseconds, call):
    start, calls, passed = time.perf_counter(), 0, 0.0
    while passed * 1000 < milliseconds:
        for _ in range(100):
            call()
        calls += 100
        passed = time.perf_counter() - start
    return calls / passed


main()
