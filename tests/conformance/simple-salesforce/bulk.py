"""Bulk API 2.0 by `bulk2`."""

import csv
import io

from checks import SHORT, equal, raises
from simple_salesforce.exceptions import SalesforceOperationError

MANY = 1_000 if SHORT else 50_000
KEY = "Conformance_Key__c"
COLUMNS = ["Name", KEY, "Conformance_Amount__c", "Conformance_Since__c", "BillingStreet"]
QUERY = f"SELECT Id, {', '.join(COLUMNS)} FROM Account WHERE {KEY} LIKE 'B-%'"
STREETS = ["1 High Street", '2 "Quoted" Lane', "3, Comma Road", "4 First line\n4 Second line", "5 Überstraße – 東京"]


def accounts(count=MANY):
    """Rows with everything in them that CSV makes hard; every value is a text, as in CSV."""
    return [
        {
            "Name": f"Py company {i}",
            KEY: f"B-{i:06}",
            "Conformance_Amount__c": f"{i}.{10 + i % 90}",
            "Conformance_Since__c": f"2026-0{1 + i % 9}-1{i % 10}",
            "BillingStreet": STREETS[i % len(STREETS)],
        }
        for i in range(count)
    ]


def cells(rows):
    """Rows as comparable values, by key."""
    return {row[KEY]: tuple(float(row[c]) if c.endswith("Amount__c") else row[c] for c in COLUMNS) for row in rows}


def run(checks, salesforce, org):
    handle = salesforce.bulk2.Account
    sent = accounts()

    def totals(results):
        """Rows processed and rows failed, over all loads a call made."""
        return sum(int(each["numberRecordsProcessed"]) for each in results), sum(int(each["numberRecordsFailed"]) for each in results)

    def upsert():
        bad = [{**row, KEY: f"B-bad-{i}", "Conformance_Since__c": "31 January"} for i, row in enumerate(accounts(3))]
        results = handle.upsert(records=sent + bad, external_id_field=KEY, wait=1)
        equal(totals(results), (MANY + 3, 3))
        outcome = [handle.get_all_ingest_records(each["job_id"]) for each in results]
        failed = [row for each in outcome for row in each["failedRecords"]]
        equal(len(failed), 3, "failed records")
        assert all(row["sf__Error"].endswith(":Conformance_Since__c --") for row in failed), failed
        # The client splits lines without regard to quotes, so its own reading is not asked for streets.
        raw = [row for each in results for row in csv.DictReader(io.StringIO(handle.get_successful_records(each["job_id"]), newline=""))]
        equal(cells(raw) == cells(sent), True, "successful records as sent")
        assert all(row["sf__Created"] == "true" and row["sf__Id"].startswith("001") for row in raw)
        equal(cells(org.rows(QUERY)) == cells(sent), True, "stored rows as sent")

    def query():
        pages = list(handle.query(QUERY, max_records=MANY // 4, wait=1))
        equal(len(pages), 4, "pages")
        rows = [row for page in pages for row in csv.DictReader(io.StringIO(page, newline=""))]
        equal(len(rows), MANY)
        equal(cells(rows) == cells(sent), True, "rows as sent")

    def insert():
        results = handle.insert(records=[{"Name": f"Inserted {i}"} for i in range(500)], batch_size=250, wait=1)
        equal((len(results), totals(results)), (2, (500, 0)))
        equal(org.count("Account WHERE Name LIKE 'Inserted %'"), 500)

    def update_and_delete():
        ids = [row["Id"] for row in org.rows("SELECT Id FROM Account WHERE Name LIKE 'Inserted %'")]
        equal(totals(handle.update(records=[{"Id": each, "Phone": "99"} for each in ids], wait=1)), (500, 0))
        equal(org.count("Account WHERE Name LIKE 'Inserted %' AND Phone = '99'"), 500)
        equal(totals(handle.delete(records=[{"Id": each} for each in ids], wait=1)), (500, 0))
        equal(org.count("Account WHERE Name LIKE 'Inserted %'"), 0)

    def fails():
        error = raises(SalesforceOperationError, lambda: handle.insert(records=[{"Name": "Lost", "Nowhere__c": "1"}], wait=1))
        assert "InvalidBatch : Field name not found : Nowhere__c" in str(error), error
        equal(org.count("Account WHERE Name = 'Lost'"), 0)

    checks.check(f"bulk2 upsert of {MANY:,} rows, 3 more refused", upsert)
    checks.check(f"bulk2 query of the same {MANY:,} rows, in four pages", query)
    checks.check("bulk2 insert of 500 rows in two loads", insert)
    checks.check("bulk2 update and delete of the 500", update_and_delete)
    checks.check("bulk2 with a column the org does not know", fails)
