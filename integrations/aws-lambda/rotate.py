"""Rotates a secret of AWS Secrets Manager by a static role of the Vault secrets engine for Genesys Cloud.

For secrets whose rotation AWS has to trigger. A secret that is a destination of the static role already is refused:
Vault writes it, and two writers would take it from each other.

The secret's tag genesys-static-role names the static role, STATIC_ROLE where there is none. Further settings, from
the environment: VAULT_ADDR, VAULT_MOUNT (genesys), VAULT_NAMESPACE, VAULT_CACERT (a file of the bundle), VAULT_AUTH
(approle or aws), VAULT_AUTH_MOUNT (as VAULT_AUTH), VAULT_ROLE_ID and VAULT_SECRET_ID_ARN (a secret of Secrets Manager
that holds the SecretID) for approle, VAULT_ROLE and VAULT_AWS_HEADER (where Vault wants one) for aws, and
SECRETS_MANAGER_ENDPOINT (a URL instead of the region's own).

Nothing is logged but steps, ids and statuses. Each step may be repeated at any time.
"""

import base64
import http.client
import json
import logging
import os
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request

import boto3

LOG = logging.getLogger(__name__)
LOG.setLevel(logging.INFO)

TAG = "genesys-static-role"
FIELDS = ("client_id", "client_secret", "login_url", "api_url")

# Kept of the function's time to fail with a text of ours.
RESERVE_SECONDS = 20
# Vault answers rotate-role within 90 seconds.
REQUEST_SECONDS = 100
PAUSE_SECONDS = 10
LARGEST_REPLY = 1 << 20


class NotYet(Exception):
    """What takes longer than this function may: Secrets Manager tries again."""


class Refused(Exception):
    """What no further try mends: its text says what to do."""


def handler(event, context):
    """Does one of the four steps of a rotation."""
    step, secret_id, token = event["Step"], event["SecretId"], event["ClientRequestToken"]
    steps = {"createSecret": create, "setSecret": leave, "testSecret": test, "finishSecret": finish}
    if step not in steps:
        raise Refused(f"Step is {step!r}; must be one of {', '.join(steps)}")
    rotation = Rotation(secret_id, token, Deadline(context))
    if rotation.needs(step):
        LOG.info("%s of %s for %s", step, secret_id, token)
        steps[step](rotation)


def setting(name):
    """Returns a setting that must be there."""
    value = os.environ.get(name, "")
    if not value:
        raise Refused(f"{name} is not set in the function's environment")
    return value


class Deadline:
    """The time that the function has left."""

    def __init__(self, context):
        self.context = context

    def left(self):
        """Returns seconds; never less than none."""
        return max(0.0, self.context.get_remaining_time_in_millis() / 1000 - RESERVE_SECONDS)


class Rotation:
    """One rotation of one secret, as Secrets Manager knows it."""

    def __init__(self, secret_id, token, deadline):
        self.aws = boto3.client("secretsmanager", endpoint_url=os.environ.get("SECRETS_MANAGER_ENDPOINT") or None)
        self.secret_id, self.token, self.deadline = secret_id, token, deadline
        self.secret = self.aws.describe_secret(SecretId=secret_id)
        self.stages = self.secret.get("VersionIdsToStages", {})
        self._vault = None

    def needs(self, step):
        """Whether the step has anything to do."""
        if not self.secret.get("RotationEnabled"):
            raise Refused(f"rotation is not enabled for {self.secret_id}: enable it")
        if self.token not in self.stages:
            raise Refused(f"{self.secret_id} has no version {self.token}: rotate it by Secrets Manager")
        if "AWSCURRENT" in self.stages[self.token]:
            LOG.info("%s of %s: version %s is current already", step, self.secret_id, self.token)
            return False
        if "AWSPENDING" not in self.stages[self.token]:
            raise Refused(f"version {self.token} of {self.secret_id} is not AWSPENDING: rotate it by Secrets Manager")
        return True

    @property
    def vault(self):
        """Returns Vault, logged in."""
        if self._vault is None:
            self._vault = Vault(self.deadline, self.aws)
        return self._vault

    @property
    def role(self):
        """Returns the name of the static role."""
        tags = {tag["Key"]: tag["Value"] for tag in self.secret.get("Tags", [])}
        role = tags.get(TAG) or os.environ.get("STATIC_ROLE", "")
        if not role:
            raise Refused(f"{self.secret_id} names no static role: tag it with {TAG}, or set STATIC_ROLE")
        return urllib.parse.quote(role, safe="")

    def pending(self):
        """Returns the value that is to become current; nothing where there is none yet."""
        try:
            value = self.aws.get_secret_value(SecretId=self.secret_id, VersionId=self.token, VersionStage="AWSPENDING")
        except self.aws.exceptions.ResourceNotFoundException:
            return None
        return json.loads(value["SecretString"])

    def must_pending(self):
        """Returns the value that is to become current."""
        value = self.pending()
        if value is None:
            raise Refused(f"version {self.token} of {self.secret_id} has no value: createSecret was not done")
        return value

    def refuse_destination(self):
        """Refuses a secret that Vault itself writes."""
        names = {self.secret_id, self.secret.get("ARN"), self.secret.get("Name")}
        role = self.role
        for entry in self.vault.read(f"static-roles/{role}").get("destinations") or []:
            if entry["name"] in names:
                kind = self.vault.read(f"destinations/{urllib.parse.quote(entry['destination'], safe='')}").get("kind")
                if kind == "aws_secrets_manager":
                    raise Refused(
                        f"{self.secret_id} is destination {entry['destination']} of static role {role}, so Vault"
                        " writes it: switch its rotation by Secrets Manager off, or take the destination away"
                    )


def create(rotation):
    """Has Vault rotate once for this token, and keeps the new credential as AWSPENDING."""
    if rotation.pending() is not None:
        LOG.info("version %s has its value already", rotation.token)
        return
    rotation.refuse_destination()
    while True:
        answer = rotation.vault.write(f"rotate-role/{rotation.role}", {"request_id": rotation.token})
        if answer["data"]["rotated"]:
            break
        why = "; ".join(answer.get("warnings") or ["it goes on in the background"])
        LOG.info("static role %s is not rotated yet: %s", rotation.role, why)
        if rotation.deadline.left() < PAUSE_SECONDS:
            raise NotYet(f"static role {rotation.role} is not rotated yet: {why}")
        time.sleep(PAUSE_SECONDS)
    credential = rotation.vault.read(f"static-creds/{rotation.role}")
    rotation.aws.put_secret_value(
        SecretId=rotation.secret_id,
        ClientRequestToken=rotation.token,
        SecretString=json.dumps({field: credential[field] for field in FIELDS}),
        VersionStages=["AWSPENDING"],
    )


def leave(_rotation):
    """Vault has made the client already."""


def test(rotation):
    """Logs in with what is to become current."""
    value = rotation.must_pending()
    pair = f"{value['client_id']}:{value['client_secret']}".encode()
    request = urllib.request.Request(
        value["login_url"] + "/oauth/token",
        data=b"grant_type=client_credentials",
        headers={"Authorization": "Basic " + base64.b64encode(pair).decode()},
    )
    status, _ = exchange(request, rotation.deadline, None)
    if status != 200:
        raise NotYet(f"client {value['client_id']} does not log in: HTTP {status} of {value['login_url']}")


def finish(rotation):
    """Makes the value current, once readers of Vault get that client."""
    value = rotation.must_pending()
    present = rotation.vault.read(f"static-roles/{rotation.role}/status").get("current", {}).get("client_id")
    if present != value["client_id"]:
        raise Refused(
            f"version {rotation.token} holds client {value['client_id']}, and static role {rotation.role} has"
            f" {present or 'none'} by now: cancel the rotation (cancel-rotate-secret), and rotate again"
        )
    former = next((version for version, stages in rotation.stages.items() if "AWSCURRENT" in stages), None)
    moved = {"RemoveFromVersionId": former} if former else {}
    rotation.aws.update_secret_version_stage(
        SecretId=rotation.secret_id, VersionStage="AWSCURRENT", MoveToVersionId=rotation.token, **moved
    )


class Vault:
    """Vault's HTTP API, below one mount."""

    def __init__(self, deadline, aws):
        self.deadline = deadline
        self.address = setting("VAULT_ADDR").rstrip("/")
        self.mount = os.environ.get("VAULT_MOUNT", "genesys").strip("/")
        self.trust = ssl.create_default_context(cafile=os.environ.get("VAULT_CACERT") or None)
        self.token = None
        self.token = self.logged_in(aws)

    def logged_in(self, aws):
        """Returns a token."""
        method = os.environ.get("VAULT_AUTH", "approle")
        if method == "approle":
            body = {
                "role_id": setting("VAULT_ROLE_ID"),
                "secret_id": aws.get_secret_value(SecretId=setting("VAULT_SECRET_ID_ARN"))["SecretString"],
            }
        elif method == "aws":
            body = signed_identity(setting("VAULT_ROLE"))
        else:
            raise Refused(f"VAULT_AUTH is {method!r}; must be approle or aws")
        answer = self.ask("POST", f"auth/{os.environ.get('VAULT_AUTH_MOUNT') or method}/login", body)
        return answer["auth"]["client_token"]

    def read(self, path):
        """Returns the data at a path of the mount."""
        return self.ask("GET", f"{self.mount}/{path}")["data"]

    def write(self, path, body):
        """Returns the answer to a write to a path of the mount."""
        return self.ask("POST", f"{self.mount}/{path}", body)

    def ask(self, method, path, body=None):
        """Asks until there is an answer, or time is over."""
        headers = {"X-Vault-Request": "true"}
        if self.token:
            headers["X-Vault-Token"] = self.token
        if os.environ.get("VAULT_NAMESPACE"):
            headers["X-Vault-Namespace"] = os.environ["VAULT_NAMESPACE"]
        data = None if body is None else json.dumps(body).encode()
        pause = 1
        while True:
            request = urllib.request.Request(f"{self.address}/v1/{path}", data=data, headers=headers, method=method)
            status, reply = exchange(request, self.deadline, self.trust)
            if status == 200:
                return json.loads(reply)
            text = f"{method} {path} at Vault: {said(status, reply)}"
            if status not in (0, 412, 429) and status < 500:
                raise Refused(text)
            if self.deadline.left() < pause:
                raise NotYet(text)
            LOG.info("%s; asked again", text)
            time.sleep(pause)
            pause = min(2 * pause, 20)


def exchange(request, deadline, trust):
    """Returns status and body of a reply; a status of 0 and why where there is none."""
    try:
        timeout = max(1.0, min(REQUEST_SECONDS, deadline.left()))
        with urllib.request.urlopen(request, timeout=timeout, context=trust) as reply:
            return reply.status, reply.read(LARGEST_REPLY)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(LARGEST_REPLY)
    except (OSError, http.client.HTTPException) as error:
        return 0, str(getattr(error, "reason", error)).encode()


def said(status, reply):
    """Returns what an answer that is none says; no body but Vault's own errors is quoted."""
    if status == 0:
        return reply.decode(errors="replace")[:300]
    try:
        errors = json.loads(reply).get("errors") or []
    except (ValueError, AttributeError):
        errors = []
    return f"HTTP {status} {'; '.join(map(str, errors))[:500]}".strip()


def signed_identity(role):
    """Returns what Vault's AWS auth method verifies: a signed question of this function's own identity."""
    import botocore.auth
    import botocore.awsrequest

    region = os.environ.get("AWS_REGION", "us-east-1")
    url = f"https://sts.{region}.amazonaws.com/"
    body = "Action=GetCallerIdentity&Version=2011-06-15"
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    if os.environ.get("VAULT_AWS_HEADER"):
        headers["X-Vault-AWS-IAM-Server-ID"] = os.environ["VAULT_AWS_HEADER"]
    request = botocore.awsrequest.AWSRequest(method="POST", url=url, data=body, headers=headers)
    credentials = boto3.Session().get_credentials().get_frozen_credentials()
    botocore.auth.SigV4Auth(credentials, "sts", region).add_auth(request)

    def encoded(text):
        return base64.b64encode(text.encode()).decode()

    return {
        "role": role,
        "iam_http_request_method": "POST",
        "iam_request_url": encoded(url),
        "iam_request_body": encoded(body),
        "iam_request_headers": encoded(json.dumps(dict(request.headers))),
    }
