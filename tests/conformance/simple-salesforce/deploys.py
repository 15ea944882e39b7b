"""Metadata: deploy a zip by SOAP, and ask what is there."""

import io
import time
import zipfile

from checks import FIELDS, PACKAGES, equal


def packed(name):
    """The folder `package/<name>` as a zip."""
    folder = PACKAGES / name
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder).as_posix())
    return file


def run(checks, salesforce, org):
    def deploy(name, **options):
        """Deploys and waits; gives what checkDeployStatus says at the end."""
        started = salesforce.deploy(packed(name), sandbox=True, rollbackOnError=True, **options)
        assert started["asyncId"].startswith("0Af"), started
        until = time.monotonic() + 60
        while True:
            status = salesforce.checkDeployStatus(started["asyncId"])
            if status["state"] not in ("Pending", "InProgress", "Queued"):
                return status
            assert time.monotonic() < until, f"still {status['state']} after a minute"
            time.sleep(0.1)

    def validates():
        status = deploy("fields", checkOnly=True)
        equal((status["state"], status["deployment_detail"]["total_count"]), ("Succeeded", "6"))
        equal(org.custom_fields(), {})

    def fails():
        status = deploy("broken")
        equal((status["state"], status["deployment_detail"]["failed_count"]), ("Failed", "1"))
        (error,) = status["deployment_detail"]["errors"]
        equal((error["type"], error["status"], error["message"]), ("PermissionSet", "Error", "You cannot deploy to a required field: Account.Name"))
        equal(org.custom_fields(), {})

    def succeeds():
        status = deploy("fields")
        equal((status["state"], status["deployment_detail"]["deployed_count"]), ("Succeeded", "6"), status["deployment_detail"]["errors"])
        equal(org.custom_fields(), dict.fromkeys(FIELDS, False))

    def assigned():
        (permission_set,) = salesforce.query("SELECT Id FROM PermissionSet WHERE Name = 'Conformance'")["records"]
        (user,) = salesforce.query(f"SELECT Id FROM User WHERE Username = '{org.username}'")["records"]
        made = salesforce.PermissionSetAssignment.create({"PermissionSetId": permission_set["Id"], "AssigneeId": user["Id"]})
        equal(made["success"], True)
        equal(org.custom_fields(), dict.fromkeys(FIELDS, True))
        names = [f"Account.{field['name']}" for field in salesforce.Account.describe()["fields"]]
        assert set(FIELDS) <= set(names), names

    def listed():
        query = salesforce.mdapi.ListMetadataQuery(type="CustomField")
        names = [each.fullName for each in salesforce.mdapi.list_metadata([query])]
        assert set(FIELDS) <= set(names), names
        types = [each.xmlName for each in salesforce.mdapi.describe_metadata().metadataObjects]
        assert "CustomObject" in types, types

    checks.check("deploy, checkOnly: nothing changes", validates)
    checks.check("deploy that fails: errors of checkDeployStatus", fails)
    checks.check("deploy of fields and permission set, checkDeployStatus", succeeds)
    checks.check("assign the permission set, describe the new fields", assigned)
    checks.check("mdapi list_metadata and describe_metadata", listed)
