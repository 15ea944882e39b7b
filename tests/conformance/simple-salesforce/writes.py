"""One record at a time."""

from checks import equal, raises
from simple_salesforce.exceptions import SalesforceMalformedRequest, SalesforceMoreThanOneRecord, SalesforceResourceNotFound

KEY = "Conformance_Key__c"


def run(checks, salesforce, org):
    def stored(key):
        return org.rows(f"SELECT Id, Name, Phone, Conformance_Amount__c FROM Account WHERE {KEY} = '{key}'")

    def life():
        made = salesforce.Account.create({"Name": "Py", KEY: "P-1", "Phone": "1"})
        equal((made["success"], made["errors"]), (True, []))
        equal(stored("P-1"), [{"Id": made["id"], "Name": "Py", "Phone": "1", "Conformance_Amount__c": None}])
        equal(salesforce.Account.get(made["id"])["Name"], "Py")
        equal(salesforce.Account.get_by_custom_id(KEY, "P-1")["Id"], made["id"])
        equal(salesforce.Account.update(made["id"], {"Phone": None, "Conformance_Amount__c": 1.25}), 204)
        equal(stored("P-1"), [{"Id": made["id"], "Name": "Py", "Phone": None, "Conformance_Amount__c": 1.25}])
        equal(salesforce.Account.delete(made["id"]), 204)
        equal(stored("P-1"), [])
        raises(SalesforceResourceNotFound, lambda: salesforce.Account.get(made["id"]))

    def upsert():
        equal(salesforce.Account.upsert(f"{KEY}/P-2", {"Name": "Up"}), 201)
        (row,) = stored("P-2")
        # From API 46.0 on an update answers 200 with a body, as a create answers 201.
        equal(salesforce.Account.upsert(f"{KEY}/P-2", {"Name": "Up again"}), 200)
        equal(stored("P-2"), [{**row, "Name": "Up again"}])
        equal(salesforce.Account.upsert(f"{KEY}/P%202%2F%C3%BC", {"Name": "Awkward"}), 201)
        equal([row["Name"] for row in stored("P 2/ü")], ["Awkward"])

    def several():
        for name in ("Twin 1", "Twin 2"):
            salesforce.Account.create({"Name": name, "Conformance_Group__c": "py"})
        error = raises(SalesforceMoreThanOneRecord, lambda: salesforce.Account.upsert("Conformance_Group__c/py", {"Name": "Which?"}))
        equal((error.status, len(error.content)), (300, 2))
        equal(org.count("Account WHERE Name = 'Which?'"), 0)

    def refused():
        for values, code in [
            ({"Phone": "1"}, "REQUIRED_FIELD_MISSING"),
            ({"Name": "x" * 256}, "STRING_TOO_LONG"),
            ({"Name": "Bad", "Nowhere__c": 1}, "INVALID_FIELD"),
            ({"Name": "Bad", KEY: "P-2"}, "DUPLICATE_VALUE"),
        ]:
            error = raises(SalesforceMalformedRequest, lambda values=values: salesforce.Account.create(values))
            equal(error.content[0]["errorCode"], code)
        equal(org.count("Account WHERE Name = 'Bad'"), 0)

    checks.check("create, get, get_by_custom_id, update, delete", life)
    checks.check("upsert by external id: 201, then 200", upsert)
    checks.check("upsert with several matches: SalesforceMoreThanOneRecord", several)
    checks.check("what cannot be written: SalesforceMalformedRequest", refused)
