"""Deploys the translated template into moto, over HTTP, and asks the services what became of it.

    emulate.py TEMPLATE

moto leaves out what it does not know without an error, so what it left out has to be exactly what
is listed here: a new kind of resource does not go by unseen. And it forgets some properties; what it
forgets is checked on the template itself (`cargo xtask infra`, own rules).
"""

import json
import logging
import os
import re
import sys
import warnings
import zipfile
from io import BytesIO

STACK = "bulkhead-dev"
REGION = "eu-central-1"
os.environ.update(
    AWS_ACCESS_KEY_ID="nobody", AWS_SECRET_ACCESS_KEY="nothing", AWS_DEFAULT_REGION=REGION
)
warnings.simplefilter("ignore")

import boto3
from moto.server import ThreadedMotoServer

NOT_KNOWN = {
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Authorizer",
    "AWS::ApiGatewayV2::Integration",
    "AWS::ApiGatewayV2::Route",
    "AWS::ApiGatewayV2::Stage",
    "AWS::CloudFront::Distribution",
    "AWS::CloudFront::Function",
    "AWS::CloudFront::OriginAccessControl",
    "AWS::CloudFront::ResponseHeadersPolicy",
    "AWS::CloudWatch::Alarm",
    "AWS::Cognito::UserPool",
    "AWS::Cognito::UserPoolClient",
    "AWS::Cognito::UserPoolDomain",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::S3::BucketPolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::Scheduler::Schedule",
}
FUNCTIONS = {
    "Submit": 29,
    "Browse": 29,
    "Status": 29,
    "Worker": 60,
    "Sweep": 50,
    "DeadLetter": 30,
}


class Heard(logging.Handler):
    """What moto says that it does not know."""

    def __init__(self):
        super().__init__()
        self.kinds = set()

    def emit(self, record):
        if found := re.search(r"No Moto CloudFormation support for (\S+)", record.getMessage()):
            self.kinds.add(found[1])


class Deployed:
    """The stack in moto, and what is not as it should be."""

    def __init__(self, address: str, template: dict):
        self.client = lambda service: boto3.client(service, endpoint_url=address)
        self.template = template
        self.wrong = []

    def expect(self, what: str, is_: object, should: object):
        if is_ != should:
            self.wrong.append(f"{what} is {is_!r} and should be {should!r}")

    def create(self) -> dict:
        """Uploads empty code, creates the stack, and answers what each logical id became."""
        code = BytesIO()
        with zipfile.ZipFile(code, "w") as file:
            file.writestr("bootstrap", "")
        s3 = self.client("s3")
        s3.create_bucket(Bucket="code", CreateBucketConfiguration={"LocationConstraint": REGION})
        for resource in self.template["Resources"].values():
            if resource["Type"] == "AWS::Lambda::Function":
                key = resource["Properties"]["Code"]["S3Key"]
                s3.put_object(Bucket="code", Key=key, Body=code.getvalue())
        stacks = self.client("cloudformation")
        body = json.dumps(self.fit_for_moto())
        stacks.create_stack(
            StackName=STACK, TemplateBody=body, Capabilities=["CAPABILITY_IAM"]
        )
        status = stacks.describe_stacks(StackName=STACK)["Stacks"][0]["StackStatus"]
        self.expect("the stack", status, "CREATE_COMPLETE")
        resources = stacks.describe_stack_resources(StackName=STACK)["StackResources"]
        # What moto does not know is listed without a name.
        named = [r for r in resources if "LogicalResourceId" in r]
        return {r["LogicalResourceId"]: r.get("PhysicalResourceId") for r in named}

    def fit_for_moto(self) -> dict:
        """Without what moto answers with an error of its own: outputs of resources that it does not
        know, and tags of a key, which it takes for those of another call."""
        fit = json.loads(json.dumps(self.template))
        fit.pop("Outputs")
        fit["Resources"]["Key"]["Properties"].pop("Tags")
        return fit

    def check_table(self, ids: dict):
        table = self.client("dynamodb").describe_table(TableName=ids["Table"])["Table"]
        keys = lambda of: [(key["AttributeName"], key["KeyType"]) for key in of["KeySchema"]]
        self.expect("the table's key", keys(table), [("pk", "HASH"), ("sk", "RANGE")])
        indexes = {index["IndexName"]: index for index in table["GlobalSecondaryIndexes"]}
        shape = {name: (keys(index), index["Projection"]["ProjectionType"])
                 for name, index in indexes.items()}
        self.expect("the indexes", shape, {
            "owner": ([("o", "HASH"), ("p", "RANGE")], "ALL"),
            "due": ([("q", "HASH"), ("d", "RANGE")], "KEYS_ONLY"),
        })
        self.expect("billing", table["BillingModeSummary"]["BillingMode"], "PAY_PER_REQUEST")
        self.expect("deletion protection", table["DeletionProtectionEnabled"], True)

    def check_queues(self, ids: dict):
        sqs = self.client("sqs")

        def attributes(name):
            url = sqs.get_queue_url(QueueName=ids[name].rsplit("/", 1)[-1])["QueueUrl"]
            return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]

        queue, dead = attributes("Queue"), attributes("DeadLetters")
        self.expect("visibility", queue["VisibilityTimeout"], "360")
        self.expect("long poll", queue["ReceiveMessageWaitTimeSeconds"], "20")
        self.expect("encryption", queue.get("SqsManagedSseEnabled"), "true")
        redrive = json.loads(queue.get("RedrivePolicy", "{}"))
        self.expect("redrive", (redrive.get("deadLetterTargetArn"), redrive.get("maxReceiveCount")),
                    (dead["QueueArn"], 5))
        self.expect("dead letters are kept", dead["MessageRetentionPeriod"], str(14 * 86_400))
        return {queue["QueueArn"]: "Worker", dead["QueueArn"]: "DeadLetter"}

    def check_functions(self, ids: dict, readers: dict):
        functions = self.client("lambda")
        for name, timeout in FUNCTIONS.items():
            found = functions.get_function(FunctionName=ids[name])["Configuration"]
            self.expect(f"{name}'s timeout", found["Timeout"], timeout)
            self.expect(f"{name}'s runtime", found["Runtime"], "provided.al2023")
            self.expect(f"{name}'s role", found["Role"].rsplit("/", 1)[-1], ids[f"{name}Role"])
            variables = found["Environment"]["Variables"]
            self.expect(f"{name}'s table", variables["BULKHEAD_TABLE"], ids["Table"])
        mappings = functions.list_event_source_mappings()["EventSourceMappings"]
        found = {m["EventSourceArn"]: m for m in mappings}
        self.expect("queues with a reader", sorted(found), sorted(readers))
        for queue, reader in readers.items():
            mapping = found.get(queue, {})
            arn = mapping.get("FunctionArn", "")
            self.expect(f"{reader}'s queue", arn.split(":function:")[-1], ids[reader])
            self.expect(f"{reader}'s answers", mapping.get("FunctionResponseTypes"),
                        ["ReportBatchItemFailures"])
            self.expect(f"{reader}'s batch", mapping.get("BatchSize"), 10)

    def check_roles(self, ids: dict):
        """IAM took the policies as they are, and put the real names of resources into them."""
        iam = self.client("iam")
        for name in FUNCTIONS:
            policies = iam.list_role_policies(RoleName=ids[f"{name}Role"])["PolicyNames"]
            self.expect(f"{name}'s policies", policies, ["own"])
            policy = iam.get_role_policy(RoleName=ids[f"{name}Role"], PolicyName="own")
            text = json.dumps(policy["PolicyDocument"])
            self.expect(f"{name} names its table", f"table/{ids['Table']}" in text, True)
            attached = iam.list_attached_role_policies(RoleName=ids[f"{name}Role"])
            self.expect(f"{name}'s further policies", attached["AttachedPolicies"], [])

    def check_files(self, ids: dict):
        s3 = self.client("s3")
        for name in ("AppFiles", "Exports"):
            rules = s3.get_bucket_encryption(Bucket=ids[name])
            rules = rules["ServerSideEncryptionConfiguration"]["Rules"]
            default = rules[0]["ApplyServerSideEncryptionByDefault"]
            self.expect(f"{name}'s encryption", default["SSEAlgorithm"], "AES256")

    def check_rest(self, ids: dict):
        key = self.client("kms").get_key_rotation_status(KeyId=ids["Key"])
        self.expect("the key's rotation", key["KeyRotationEnabled"], True)
        groups = self.client("logs").describe_log_groups()["logGroups"]
        kept = {group["logGroupName"]: group.get("retentionInDays") for group in groups}
        names = ("submit", "browse", "status", "worker", "sweep", "dead-letter")
        expected = {f"/bulkhead/dev/{name}": 30 for name in names}
        expected["/aws/vendedlogs/bulkhead/dev/api"] = 30
        self.expect("logs are kept", kept, expected)
        board = self.client("cloudwatch").get_dashboard(DashboardName=STACK)["DashboardBody"]
        self.expect("the dashboard has widgets", len(json.loads(board)["widgets"]) > 0, True)


def main(path: str) -> int:
    heard = Heard()
    logging.getLogger("moto").addHandler(heard)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with open(path) as file:
        deployed = Deployed(f"http://{host}:{port}", json.load(file))
    ids = deployed.create()
    deployed.expect("what moto does not know", sorted(heard.kinds), sorted(NOT_KNOWN))
    deployed.check_table(ids)
    readers = deployed.check_queues(ids)
    deployed.check_functions(ids, readers)
    deployed.check_roles(ids)
    deployed.check_files(ids)
    deployed.check_rest(ids)
    server.stop()
    for wrong in deployed.wrong:
        print(wrong, file=sys.stderr)
    print(f"{len(ids)} resources made, {len(deployed.wrong)} findings")
    return 1 if deployed.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
