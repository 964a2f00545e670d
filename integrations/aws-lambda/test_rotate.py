"""The rotation function against a real Vault with the engine, and moto's Secrets Manager.

The test's environment says where Vault is and how to log in there (VAULT_ADDR, VAULT_ROLE_ID, TEST_SECRET_ID), with
what to look and write as an operator (TEST_TOKEN), and which static roles there are (TEST_ROLES, one for each test).
Without it, what needs a Vault is skipped.
"""

import json
import logging
import os
import unittest
import unittest.mock
import urllib.request
import uuid

import boto3
import moto
from moto.core import DEFAULT_ACCOUNT_ID
from moto.secretsmanager.models import secretsmanager_backends

import rotate

REGION = "eu-central-1"
STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
ROLES = os.environ.get("TEST_ROLES", "").split(",")


class Context:
    """What Lambda gives a function: the time that is left, which does not go by here."""

    def __init__(self, seconds=900):
        self.seconds = seconds

    def get_remaining_time_in_millis(self):
        return self.seconds * 1000


class Killed(Exception):
    """The function was ended at this point."""


class Records(logging.Handler):
    """Every line that is logged."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


class Tests(unittest.TestCase):
    def setUp(self):
        os.environ.update(
            AWS_DEFAULT_REGION=REGION, AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_SESSION_TOKEN="test"
        )
        mock = moto.mock_aws()
        mock.start()
        self.addCleanup(mock.stop)
        self.aws = boto3.client("secretsmanager")
        self.logged = Records()
        logging.getLogger().addHandler(self.logged)
        self.addCleanup(logging.getLogger().removeHandler, self.logged)
        secret_id = self.aws.create_secret(Name="vault/secret-id", SecretString=os.environ.get("TEST_SECRET_ID", "x"))
        os.environ["VAULT_SECRET_ID_ARN"] = secret_id["ARN"]
        self.secret = self.aws.create_secret(
            Name=f"apps/{uuid.uuid4()}", SecretString='{"client_id": "of before"}', Tags=[]
        )["ARN"]

    def tag(self, role):
        self.aws.tag_resource(SecretId=self.secret, Tags=[{"Key": rotate.TAG, "Value": role}])

    def begin(self, enabled=True):
        """Does what Secrets Manager does before it calls: there is a version without a value."""
        token = str(uuid.uuid4())
        kept = secretsmanager_backends[DEFAULT_ACCOUNT_ID][REGION].secrets[self.secret]
        kept.rotation_requested = kept.rotation_enabled = enabled
        kept.versions[token] = {"createdate": 1, "version_id": token, "version_stages": ["AWSPENDING"]}
        return token

    def do(self, step, token, context=None):
        event = {"Step": step, "SecretId": self.secret, "ClientRequestToken": token}
        rotate.handler(event, context or Context())

    def current(self):
        return json.loads(self.aws.get_secret_value(SecretId=self.secret, VersionStage="AWSCURRENT")["SecretString"])


class WithoutVault(Tests):
    def test_what_cannot_be_rotated_is_refused_and_nothing_is_asked(self):
        with self.assertRaisesRegex(rotate.Refused, "rotation is not enabled"):
            self.do("createSecret", self.begin(enabled=False))
        self.begin()
        with self.assertRaisesRegex(rotate.Refused, "has no version"):
            self.do("createSecret", str(uuid.uuid4()))
        with self.assertRaisesRegex(rotate.Refused, "Step is 'dropSecret'; must be one of createSecret, setSecret"):
            self.do("dropSecret", self.begin())
        with self.assertRaisesRegex(rotate.Refused, "has no value: createSecret was not done"):
            self.do("testSecret", self.begin())

    def test_a_version_that_is_current_needs_nothing(self):
        token = next(iter(self.aws.describe_secret(SecretId=self.secret)["VersionIdsToStages"]))
        self.begin()
        for step in STEPS:
            self.do(step, token)
        self.assertEqual(self.current(), {"client_id": "of before"})

    def test_a_vault_that_is_away_is_asked_until_time_is_over(self):
        self.tag("crm")
        away = {"VAULT_ADDR": "http://127.0.0.1:9", "VAULT_ROLE_ID": "r"}
        with unittest.mock.patch.dict(os.environ, away):
            with self.assertRaisesRegex(rotate.NotYet, "auth/approle/login at Vault: .*refused"):
                self.do("createSecret", self.begin(), Context(seconds=rotate.RESERVE_SECONDS + 0.5))

    def test_a_secret_that_names_no_static_role_is_refused(self):
        with self.assertRaisesRegex(rotate.Refused, "names no static role: tag it with genesys-static-role"):
            self.do("createSecret", self.begin())

    def test_a_setting_that_is_missing_is_named(self):
        self.tag("crm")
        with unittest.mock.patch.dict(os.environ, VAULT_ADDR=""):
            with self.assertRaisesRegex(rotate.Refused, "VAULT_ADDR is not set in the function's environment"):
                self.do("createSecret", self.begin())

    def test_a_secret_that_vault_itself_writes_is_refused(self):
        self.tag("crm")
        paths = {
            "static-roles/crm": {"destinations": [{"destination": "aws-eu", "name": self.secret}]},
            "destinations/aws-eu": {"kind": "aws_secrets_manager"},
        }
        rotation = rotate.Rotation(self.secret, self.begin(), rotate.Deadline(Context()))
        rotation._vault = type("Told", (), {"read": staticmethod(paths.__getitem__)})
        with self.assertRaisesRegex(rotate.Refused, "is destination aws-eu of static role crm, so Vault writes it"):
            rotate.create(rotation)


@unittest.skipUnless(os.environ.get("TEST_ROLES"), "needs a Vault with the engine")
class WithVault(Tests):
    def setUp(self):
        super().setUp()
        self.role = ROLES.pop()
        self.tag(self.role)

    def vault(self, path, body=None):
        """Reads or writes as an operator."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"{os.environ['VAULT_ADDR']}/v1/genesys/{path}", data, {"X-Vault-Token": os.environ["TEST_TOKEN"]}
        )
        with urllib.request.urlopen(request) as reply:
            return json.load(reply)["data"]

    def rotations(self):
        history = self.vault(f"static-roles/{self.role}/status")["history"]
        return sum(past["reason"] == "manual" for past in history)

    def present(self):
        return self.vault(f"static-creds/{self.role}")

    def assert_rotated(self, token):
        stages = self.aws.describe_secret(SecretId=self.secret)["VersionIdsToStages"]
        self.assertIn("AWSCURRENT", stages[token])
        self.assertEqual(self.current(), {field: self.present()[field] for field in rotate.FIELDS})
        self.assertEqual(self.rotations(), 1)

    def test_four_steps_each_of_them_twice_rotate_once(self):
        token = self.begin()
        for step in STEPS:
            self.do(step, token)
            self.do(step, token)
        self.assert_rotated(token)

    def test_whatever_ends_the_function_and_wherever_the_next_try_goes_on(self):
        token = self.begin()
        create, move = rotate.boto3.client, rotate.boto3.client

        def failing(call, act):
            def client(*args, **options):
                made = create(*args, **options)
                real = getattr(made, call)

                def killed(**arguments):
                    if act:
                        real(**arguments)
                    raise Killed

                setattr(made, call, killed)
                return made

            return client

        self.addCleanup(setattr, rotate.boto3, "client", move)
        for call in ("put_secret_value", "update_secret_version_stage"):
            for act in (False, True):
                rotate.boto3.client = failing(call, act)
                with self.assertRaises(Killed):
                    for step in STEPS:
                        self.do(step, token)
                rotate.boto3.client = create
        for step in STEPS:
            self.do(step, token)
        self.assert_rotated(token)

    def test_a_credential_that_was_rotated_again_meanwhile_does_not_become_current(self):
        token = self.begin()
        self.do("createSecret", token)
        self.vault(f"rotate-role/{self.role}", {"force": True})
        with self.assertRaisesRegex(rotate.Refused, "cancel the rotation .cancel-rotate-secret., and rotate again"):
            self.do("finishSecret", token)
        self.assertEqual(self.current(), {"client_id": "of before"})

    def test_what_vault_refuses_is_told_in_its_words(self):
        self.tag("somebody-else-s")
        with self.assertRaisesRegex(rotate.Refused, "GET genesys/static-roles/somebody-else-s at Vault: HTTP 403"):
            self.do("createSecret", self.begin())

    def test_no_secret_is_logged(self):
        token = self.begin()
        for step in STEPS:
            self.do(step, token)
        logged = "\n".join(self.logged.lines)
        self.assertIn(token, logged)
        self.assertNotIn(self.current()["client_secret"], logged)
        self.assertNotIn(os.environ["TEST_SECRET_ID"], logged)


if __name__ == "__main__":
    unittest.main(verbosity=2)
