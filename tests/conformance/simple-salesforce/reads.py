"""Queries, describes, limits, Tooling."""

from checks import SHORT, equal, plain, raises
from simple_salesforce.exceptions import SalesforceExpiredSession, SalesforceMalformedRequest, SalesforceResourceNotFound

ALL = "SELECT Id, Name, BillingCity, CreatedDate FROM Account ORDER BY Name, Id"
PAGE = 200 if SHORT else 2_000


def run(checks, salesforce, org):
    # Few rows make one page, so that the short form asks for smaller ones.
    paged = {"headers": {"Sforce-Query-Options": f"batchSize={PAGE}"}} if SHORT else {}

    def query_all():
        expected = org.rows(ALL)
        assert len(expected) > PAGE, f"only {len(expected)} Accounts"
        first = salesforce.query(ALL, **paged)
        equal((first["done"], len(first["records"]), first["totalSize"]), (False, PAGE, len(expected)))
        found = salesforce.query_all(ALL, **paged)
        equal((found["totalSize"], found["done"]), (len(expected), True))
        equal(plain(found["records"]), expected)

    def query_all_iter():
        equal(plain(salesforce.query_all_iter(ALL, **paged)), org.rows(ALL))

    def parents_and_children():
        soql = "SELECT Id, Owner.Name, (SELECT Id, LastName FROM Contacts) FROM Account WHERE Id IN (SELECT AccountId FROM Contact)"
        found = salesforce.query_all(soql)["records"]
        owners = {(row["Id"], row["Owner"]["Name"]) for row in found}
        contacts = {(each["Id"], each["LastName"], row["Id"]) for row in found for each in row["Contacts"]["records"]}
        accounts = org.rows("SELECT Id, Owner.Name FROM Account WHERE Id IN (SELECT AccountId FROM Contact)")
        expected = org.rows("SELECT Id, LastName, AccountId FROM Contact WHERE AccountId != null")
        assert len(found) > 100 and len(contacts) == sum(row["Contacts"]["totalSize"] for row in found)
        equal(owners, {(row["Id"], row["Owner"]["Name"]) for row in accounts}, "owners")
        equal(contacts, {(row["Id"], row["LastName"], row["AccountId"]) for row in expected}, "Contacts")

    def describe():
        names = [each["name"] for each in salesforce.describe()["sobjects"]]
        assert "Account" in names and "Contact" in names, names
        account = salesforce.Account.describe()
        fields = {field["name"]: field for field in account["fields"]}
        equal((account["keyPrefix"], fields["Id"]["type"], fields["Name"]["length"]), ("001", "id", 255))
        equal(salesforce.Account.metadata()["objectDescribe"]["name"], "Account")
        equal(salesforce.is_sandbox(), True)

    def limits():
        calls = salesforce.limits()["DailyApiRequests"]
        assert 0 < calls["Remaining"] < calls["Max"], calls
        usage = salesforce.api_usage["api-usage"]
        equal(usage.total, calls["Max"])

    def tooling():
        found = salesforce.toolingexecute("query?q=SELECT+Id,DeveloperName+FROM+EntityDefinition+WHERE+QualifiedApiName='Account'")
        equal([row["DeveloperName"] for row in found["records"]], ["Account"])
        names = [each["name"] for each in salesforce.toolingexecute("sobjects")["sobjects"]]
        assert "CustomField" in names, names

    def identity():
        me = salesforce.oauth2("userinfo")
        equal((me["preferred_username"], me["organization_id"]), (org.username, org.org_id))

    def refused():
        error = raises(SalesforceMalformedRequest, lambda: salesforce.query("SELECT Nowhere__c FROM Account"))
        equal((error.status, error.content[0]["errorCode"]), (400, "INVALID_FIELD"))
        error = raises(SalesforceResourceNotFound, lambda: salesforce.Account.get("001000000000001AAA"))
        equal(error.content[0]["errorCode"], "NOT_FOUND")
        gone = type(salesforce)(session_id=org.org_id[:15] + "!gone", instance_url=org.https_url)
        error = raises(SalesforceExpiredSession, lambda: gone.query("SELECT Id FROM Account"))
        equal(error.content[0]["errorCode"], "INVALID_SESSION_ID")

    checks.check(f"query_all of several pages ({PAGE} rows each)", query_all)
    checks.check("query_all_iter of the same", query_all_iter)
    checks.check("query with parent fields and a subquery", parents_and_children)
    checks.check("describe, of the org and of Account; is_sandbox", describe)
    checks.check("limits and api_usage", limits)
    checks.check("toolingexecute: query and sobjects", tooling)
    checks.check("oauth2 userinfo", identity)
    checks.check("what cannot be read: 400, 401 and 404 as its exceptions", refused)
