"""Upserts a CSV by Bulk API 2.0 through simple-salesforce, as its documentation shows."""

import os
import sys

from simple_salesforce import Salesforce

url = os.environ["BENCH_ORG"].replace("http:", "https:", 1)  # it speaks https alone
salesforce = Salesforce(session_id=os.environ["BENCH_TOKEN"], instance_url=url)
results = salesforce.bulk2.Account.upsert(os.environ["BENCH_FILE"], external_id_field=os.environ["BENCH_KEY"], wait=1)
failed = sum(int(each["numberRecordsFailed"]) for each in results)
sys.exit(f"{failed} rows failed" if failed else 0)
