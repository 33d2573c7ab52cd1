"""A real S3 server (moto) that checks signatures and session tokens of the keys it is told of.

The first line that it prints is its port. Each line of standard input is a key as JSON: accessKeyId, secret,
sessionToken; it answers a line `known`. At the end of standard input it stops.
"""

import json
import os
import sys
import threading

os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "0"

from moto.core import DEFAULT_ACCOUNT_ID  # noqa: E402
from moto.iam.models import AccessKey, iam_backends  # noqa: E402
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app  # noqa: E402
from moto.s3.models import s3_backends  # noqa: E402
from moto.sts.models import AssumedRole, sts_backends  # noqa: E402
from werkzeug.serving import make_server  # noqa: E402

ROLE = "storage"
REGION = "us-east-1"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}


def learn(key):
    access_key = AccessKey(None, "ASIA", DEFAULT_ACCOUNT_ID)
    access_key.access_key_id, access_key.secret_access_key = key["accessKeyId"], key["secret"]
    arn = f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:role/{ROLE}"
    role = AssumedRole(DEFAULT_ACCOUNT_ID, REGION, access_key, "yciam", arn, "", 3600, "")
    role.session_token = key["sessionToken"]
    sts_backends[DEFAULT_ACCOUNT_ID]["aws"].assumed_roles.append(role)


def main(bucket):
    iam = iam_backends[DEFAULT_ACCOUNT_ID]["aws"]
    iam.create_role(ROLE, "{}", "/", None, "", [], 3600)
    iam.put_role_policy(ROLE, "everything", json.dumps(EVERYTHING))
    s3_backends[DEFAULT_ACCOUNT_ID]["aws"].create_bucket(bucket, REGION)
    server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    for line in sys.stdin:
        learn(json.loads(line))
        print("known", flush=True)


main(sys.argv[1])
