"""The rotation function against a real Vault with the engine, and moto's Secrets Manager.

The test's environment says where Vault is and how to log in there (VAULT_ADDR, VAULT_ROLE_ID, TEST_SECRET_ID), with
what to look and write as an operator (TEST_TOKEN), which static roles there are (TEST_ROLES, one for each rotation),
and where the organisation is simulated that they belong to (TEST_GENESYS). Without it, what needs a Vault is skipped.
"""

import ast
import base64
import contextlib
import inspect
import json
import logging
import os
import pathlib
import time
import unittest
import unittest.mock
import urllib.request
import uuid

import boto3
import botocore.client
import botocore.exceptions
import moto
import yaml
from moto.core import DEFAULT_ACCOUNT_ID
from moto.secretsmanager.models import secretsmanager_backends

import rotate

REGION = "eu-central-1"
STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
ROLES = os.environ.get("TEST_ROLES", "").split(",")


class Context:
    """What Lambda gives a function: the time that is left, which does not go by unless a clock says so."""

    def __init__(self, seconds=900, clock=lambda: 0):
        self.seconds, self.clock, self.begin = seconds, clock, clock()

    def get_remaining_time_in_millis(self):
        return (self.seconds + self.begin - self.clock()) * 1000


class Killed(BaseException):
    """The function was ended at this point; nothing of it catches that."""


class Interruption:
    """Has one of the function's calls go wrong, counted over what it says to Vault, Genesys and AWS, and its waits.

    way: "before" and "after" end the function before and after the call has acted; "lost" has its answer lost.
    """

    WAYS = ("before", "after", "lost")
    LONGEST_WAIT = 1

    def __init__(self, call=0, way="before"):
        self.call, self.way, self.calls, self.met = call, way, [], False

    def wrapped(self, name, real, lost):
        """Returns a call as it is while this lasts."""

        def made(*args, **options):
            self.calls.append(name(*args, **options))
            self.met = self.met or len(self.calls) == self.call
            if len(self.calls) != self.call:
                return real(*args, **options)
            if self.way == "before":
                raise Killed
            answer = real(*args, **options)
            if self.way == "after":
                raise Killed
            return lost(answer)

        return made

    @contextlib.contextmanager
    def lasting(self):
        """Has it so for a while."""

        def reset(_):
            raise botocore.exceptions.ConnectionClosedError(endpoint_url="https://aws.test")

        sleep = rotate.time.sleep
        doors = {
            (rotate, "exchange"): self.wrapped(
                lambda request, *_: f"{request.get_method()} {request.selector}",
                rotate.exchange,
                lambda _: (0, b"the connection was reset"),
            ),
            (botocore.client.BaseClient, "_make_api_call"): self.wrapped(
                lambda _, operation, arguments: operation, botocore.client.BaseClient._make_api_call, reset
            ),
            (rotate.time, "sleep"): self.wrapped(
                lambda seconds: "wait", lambda seconds: sleep(min(seconds, self.LONGEST_WAIT)), lambda _: None
            ),
        }
        with contextlib.ExitStack() as stack:
            for (owner, name), call in doors.items():
                stack.enter_context(unittest.mock.patch.object(owner, name, call))
            yield self


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
        self.another_secret()

    def another_secret(self):
        self.name = f"apps/{uuid.uuid4()}"
        self.secret = self.aws.create_secret(Name=self.name, SecretString='{"client_id": "of before"}', Tags=[])["ARN"]

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

    def test_an_interruption_counts_every_call_and_wait(self):
        with Interruption(1, "after").lasting() as interruption, self.assertRaises(Killed):
            self.do("createSecret", self.begin())
        self.assertEqual(interruption.calls, ["DescribeSecret"])
        with Interruption(1, "lost").lasting(), self.assertRaises(botocore.exceptions.ConnectionClosedError):
            self.do("createSecret", self.begin())


class Template(unittest.TestCase):
    """What the template gives the function, and what the function reads."""

    class Loader(yaml.SafeLoader):
        """Reads CloudFormation's short forms as what stands behind them."""

    Loader.add_multi_constructor(
        "!",
        lambda loader, tag, node: {
            tag: {
                yaml.ScalarNode: loader.construct_scalar,
                yaml.SequenceNode: lambda it: loader.construct_sequence(it, deep=True),
                yaml.MappingNode: lambda it: loader.construct_mapping(it, deep=True),
            }[type(node)](node)
        },
    )

    def setUp(self):
        text = pathlib.Path(rotate.__file__).with_name("template.yaml").read_text()
        self.template = yaml.load(text, self.Loader)
        self.variables = self.template["Resources"]["Rotation"]["Properties"]["Environment"]["Variables"]

    @staticmethod
    def read_by_the_function():
        """Returns the names that stand in setting(NAME), os.environ.get(NAME) and os.environ[NAME]."""
        names = set()
        for node in ast.walk(ast.parse(inspect.getsource(rotate))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("setting", "os.environ.get"):
                name = node.args[0]
            elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
                name = node.slice
            else:
                continue
            if isinstance(name, ast.Constant):
                names.add(name.value)
        return names

    def test_it_sets_what_the_function_reads_and_nothing_else(self):
        of_lambda_itself = {"AWS_REGION"}
        self.assertEqual(set(self.variables), self.read_by_the_function() - of_lambda_itself)

    def test_each_variable_is_a_parameter_and_each_parameter_is_used(self):
        parameters = [value["Ref"] for value in self.variables.values()]
        self.assertEqual([name.replace("_", "").lower() for name in self.variables], [it.lower() for it in parameters])
        of_the_network = {"SubnetIds", "SecurityGroupIds"}
        self.assertEqual(set(self.template["Parameters"]), set(parameters) | of_the_network)

    def test_the_ways_to_log_in_are_those_of_the_function(self):
        ways = self.template["Parameters"]["VaultAuth"]
        self.assertEqual(ways["AllowedValues"], ["approle", "aws"])
        self.assertEqual(ways["Default"], "approle")


@unittest.skipUnless(os.environ.get("TEST_ROLES"), "needs a Vault with the engine")
class WithVault(Tests):
    def setUp(self):
        super().setUp()
        self.another_role()

    def another_role(self):
        self.role = ROLES.pop()
        self.tag(self.role)

    def vault(self, path, body=None):
        """Reads or writes as an operator."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"{os.environ['VAULT_ADDR']}/v1/genesys/{path}", data, {"X-Vault-Token": os.environ["TEST_TOKEN"]}
        )
        with urllib.request.urlopen(request) as reply:
            return None if reply.status == 204 else json.load(reply)["data"]

    def simulator(self, path, body):
        """Tells the simulated organisation."""
        request = urllib.request.Request(f"{os.environ['TEST_GENESYS']}/_simulator/{path}", json.dumps(body).encode())
        with urllib.request.urlopen(request):
            pass

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
        self.assertTrue(self.logs_in(self.current()))

    def logs_in(self, value):
        pair = base64.b64encode(f"{value['client_id']}:{value['client_secret']}".encode()).decode()
        request = urllib.request.Request(
            value["login_url"] + "/oauth/token", b"grant_type=client_credentials", {"Authorization": "Basic " + pair}
        )
        return rotate.exchange(request, rotate.Deadline(Context()), None)[0] == 200

    def rotate(self, token):
        """Does what Secrets Manager does: all steps, in their order."""
        for step in STEPS:
            self.do(step, token)

    def test_four_steps_each_of_them_twice_rotate_once(self):
        token = self.begin()
        for step in STEPS:
            self.do(step, token)
            self.do(step, token)
        self.assert_rotated(token)

    def interrupted(self, call, way):
        """Rotates another secret by another role with an interruption, and then as Secrets Manager goes on."""
        self.another_secret()
        self.another_role()
        token = self.begin()
        with Interruption(call, way).lasting() as interruption:
            with contextlib.suppress(Killed, rotate.NotYet, botocore.exceptions.ConnectionClosedError):
                self.rotate(token)
        before = self.current()
        self.assertTrue(before == {"client_id": "of before"} or self.logs_in(before))
        self.rotate(token)
        self.assert_rotated(token)
        return interruption

    def test_whatever_ends_the_function_and_wherever_the_next_try_goes_on(self):
        whole = self.interrupted(0, "before").calls
        for call in ("POST /v1/genesys/rotate-role/", "POST /oauth/token", "PutSecretValue", "UpdateSecretVersionStage"):
            self.assertTrue(any(made.startswith(call) for made in whole), whole)
        for call in range(1, len(whole) + 1):
            for way in Interruption.WAYS:
                with self.subTest(call=whole[call - 1], way=way):
                    self.assertTrue(self.interrupted(call, way).met)
        print(f"{len(whole)} calls, each interrupted in {len(Interruption.WAYS)} ways: {', '.join(whole)}")

    def test_what_genesys_takes_too_long_for_fails_and_goes_on_at_the_next_try(self):
        token = self.begin()
        create = {"method": "POST", "path": "/api/v2/oauth/clients", "count": 1}
        last_try = Context(rotate.RESERVE_SECONDS + rotate.PAUSE_SECONDS - 1)
        self.simulator("faults", {**create, "status": 503})
        with self.assertRaisesRegex(rotate.NotYet, f"static role {self.role} is not rotated yet: .*503"):
            self.do("createSecret", token, last_try)
        self.simulator("faults", {**create, "delay_ms": 8_000})
        with self.assertRaisesRegex(rotate.NotYet, f"rotate-role/{self.role} at Vault: timed out"):
            self.do("createSecret", token, Context(rotate.RESERVE_SECONDS + 3, time.monotonic))
        self.assertEqual(self.rotations(), 0)
        self.assertEqual(self.current(), {"client_id": "of before"})
        with Interruption().lasting():
            self.rotate(token)
        self.assert_rotated(token)

    def test_death_while_the_function_waits_for_genesys_loses_nothing(self):
        token = self.begin()
        fault = {"method": "POST", "path": "/api/v2/oauth/clients", "status": 503, "count": 1}
        for way in ("before", "after"):
            self.simulator("faults", fault)
            with Interruption().lasting() as whole, self.assertRaises(rotate.NotYet):
                self.do("createSecret", token, Context(rotate.RESERVE_SECONDS + rotate.PAUSE_SECONDS - 1))
            self.simulator("faults", fault)
            with Interruption(len(whole.calls) + 1, way).lasting() as killed, self.assertRaises(Killed):
                self.do("createSecret", token)
            self.assertEqual(killed.calls[-1], "wait")
        with Interruption().lasting():
            self.rotate(token)
        self.assert_rotated(token)

    def test_a_secret_that_vault_itself_writes_is_refused_and_nothing_is_rotated(self):
        nowhere = "http://127.0.0.1:9"
        settings = {"region": REGION, "endpoint": nowhere, "sts_endpoint": nowhere, "required": False}
        key = {"access_key_id": "AKIA0000000000000001", "secret_access_key": "of-nobody"}
        self.vault("destinations/aws-eu", {"kind": "aws_secrets_manager", **settings, **key})
        for name in (self.name, self.secret):
            entry = {"destination": "aws-eu", "name": name}
            self.vault(f"static-roles/{self.role}", {"destinations": [entry]})
            with self.assertRaisesRegex(rotate.Refused, f"is destination aws-eu of static role {self.role}, so Vault"):
                self.do("createSecret", self.begin())
        self.assertEqual(self.rotations(), 0)

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
