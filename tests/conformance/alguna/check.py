"""Runs Alguna's own Python SDK against a server and reads every answer strictly.

    python check.py --base-url http://127.0.0.1:PORT --api-key KEY

One line for each check; exit status 1 when any fails. Read `strict.py` for what strictly means.
"""

import argparse
import importlib.metadata
import json
import sys
import time
import uuid

import httpx
from alguna import (
    Alguna,
    ApiError,
    BadRequestError,
    NotFoundError,
    UnauthorizedError,
    UnprocessableEntityError,
    paginate,
)
from alguna import types as t

from strict import Malformed, read


class Recorder(httpx.HTTPTransport):
    """Keeps the last answer as it came over the wire, and how often it asked."""

    def __init__(self):
        super().__init__(trust_env=False)
        self.last = None
        self.asked = []

    def handle_request(self, request):
        response = super().handle_request(request)
        response.read()
        self.last = response
        self.asked.append((request.method, request.url.raw_path.decode()))
        return response


class Checks:
    """The checks, each with a line of its own."""

    def __init__(self, base_url, api_key):
        self.base_url, self.api_key = base_url, api_key
        self.wire = Recorder()
        self.client = self.new_client(api_key)
        self.version = importlib.metadata.version("alguna")
        self.failed = 0

    def new_client(self, api_key):
        """A client that shows each status once and does not use proxies."""
        http = httpx.Client(transport=self.wire, trust_env=False, timeout=30)
        return Alguna(base_url=self.base_url, api_key=api_key, max_retries=0, httpx_client=http)

    def run(self, name, check):
        """Runs one check and prints its line, in the columns of the other clients; a failure is told below it."""
        began = time.monotonic()
        note, problem = "", None
        try:
            note = check() or ""
        except Exception as error:  # noqa: BLE001 - any failure is one line, and the run goes on
            self.failed += 1
            problem = f"{type(error).__name__}: {error}"[:600]
        outcome = "FAILED" if problem else "ok    "
        label = f"{name}: {note}" if note else name
        print(f"{f'alguna {self.version}':26} {label:64} {outcome} {time.monotonic() - began:6.1f} s", flush=True)
        if problem:
            print("    " + problem.replace("\n", "\n    "), flush=True)

    def strict(self, model):
        """Reads the last answer strictly against a model."""
        return read(model, self.wire.last.text)

    def pages(self, method, model, **filters):
        """Every row of a list, each page read strictly as it comes; only the last page may be less than full."""
        rows, pages, seen = [], [], len(self.wire.asked)
        for row in paginate(method, **filters):
            if len(self.wire.asked) != seen:
                seen = len(self.wire.asked)
                pages.append(self.strict(model))
            rows.append(row)
        last = self.strict(model).pagination
        ids = {row.id for row in rows}
        assert len(ids) == len(rows), f"{len(rows)} rows have {len(ids)} ids"
        short = [len(page.data) for page in pages[:-1] if len(page.data) != page.pagination.per_page]
        assert not short, f"pages in between have {short} rows"
        assert (last.total_pages - 1) * last.per_page < len(rows) <= last.total_pages * last.per_page or not rows, (
            f"{len(rows)} rows are not {last.total_pages} pages of {last.per_page}"
        )
        # A page for every row: the number of rows, told another way.
        method(limit=1, offset=0, **filters)
        told = self.strict(model).pagination.total_pages
        assert told == len(rows), f"{len(rows)} rows, and {told} pages of one row"
        return rows

    def held(self):
        """What the server holds, in numbers: its own word, asked without the SDK."""
        with httpx.Client(trust_env=False, timeout=30) as http:
            return http.get(f"{self.base_url}/sim/state").raise_for_status().json()


def expect(error, call):
    """The error a call must raise."""
    try:
        call()
    except error as raised:
        return raised
    raise AssertionError(f"no {error.__name__}")


def reads(checks):
    """Every list and every single read the server has."""
    client = checks.client
    found = {name: [] for name in ("customers", "subscriptions", "plans", "quotes", "invoices")}
    held = checks.held()

    def listed(name, method, model, **filters):
        def check():
            rows = checks.pages(method, model, **filters)
            found[name] = sorted(row.id for row in rows)
            expected = held.get(name, len(rows))
            assert len(rows) == expected, f"{len(rows)} rows, and the server holds {expected}"
            return f"{len(rows)} rows"

        checks.run(f"{name} list, all pages", check)

    listed("customers", client.customers.list, t.CustomerListResponse, sort="created_at:desc")
    listed("subscriptions", client.subscriptions.list, t.SubscriptionListResponse, sort="updated_at:asc")
    listed("plans", client.plans.list, t.PlanListResponse)
    listed("quotes", client.quotes.list, t.QuoteListResponse)
    listed("invoices", client.invoices.list, t.InvoiceListResponse, sort="due_date:asc")
    listed("tags", client.tags.list, t.TagListResponse)

    def filters():
        def having(*statuses):
            rows = checks.pages(client.subscriptions.list, t.SubscriptionListResponse, status=list(statuses))
            assert rows and {row.status for row in rows} == set(statuses), f"asked for {statuses}"
            return {row.id for row in rows}

        both = having("active", "canceled")
        assert both == having("active") | having("canceled")
        assert len(both) < len(found["subscriptions"])
        return f"{len(both)} active or canceled"

    checks.run("subscriptions filtered by status", filters)

    def each(name, ids, *calls):
        def check():
            assert ids, "the list gave no id"
            absent = 0
            for one in ids:
                for method, model, may_be_absent in calls:
                    try:
                        method(one)
                    except NotFoundError:
                        checks.strict(t.ErrorResponse)
                        assert may_be_absent, f"{one} is not found"
                        absent += 1
                        continue
                    answer = checks.strict(model)
                    if method is calls[0][0]:
                        assert answer.id == one, f"{answer.id} for {one}"
            return f"{len(ids)} x {len(calls)} reads" + (f", {absent} none" if absent else "")

        checks.run(name, check)

    customers = client.customers
    each(
        "customer, links, entitlements, payment methods",
        found["customers"][:60],
        (customers.get, t.CustomerResponse, False),
        (customers.list_connected_accounts, t.ConnectedAccountListResponse, False),
        (customers.list_entitlements, t.EntitlementListResponse, False),
        (customers.list_payment_methods, t.PaymentMethodListResponse, False),
    )
    subscriptions, versions = client.subscriptions, client.subscription_versions
    each(
        "subscription, dates, revenue, versions",
        found["subscriptions"][:150],
        (subscriptions.get, t.SubscriptionResponse, False),
        (subscriptions.get_billing_dates, t.BillingDatesResponse, False),
        (subscriptions.list_entitlements, t.EntitlementListResponse, False),
        (subscriptions.get_revenue, t.SubscriptionRevenueResponse, True),
        (client.insights.revenue_by_subscription, t.RevenueBySubscriptionResponse, True),
        (versions.list, t.SubscriptionPhaseListResponse, False),
        (versions.get_current, t.SubscriptionPhaseDetailResponse, True),
    )

    def every_version():
        count, drafts, bundles = 0, 0, 0
        for one in found["subscriptions"][:150]:
            for row in versions.list(one).data:
                versions.get(one, row.id)
                version = checks.strict(t.SubscriptionPhaseDetailResponse)
                assert version.id == row.id, f"{version.id} for {row.id}"
                versions.get_revenue(one, row.id)
                checks.strict(t.SubscriptionRevenueResponse)
                count += 1
                drafts += version.status == "draft"
                bundles += any(part.bundle_id for part in version.items)
        return f"{count}, {drafts} drafts, {bundles} bundles"

    checks.run("each version and its revenue", every_version)
    each("plan", found["plans"], (client.plans.get, t.PlanResponse, False))
    each("quote", found["quotes"], (client.quotes.get, t.QuoteResponse, False))
    each("invoice", found["invoices"][:150], (client.invoices.get, t.InvoiceResponse, False))

    def integrations():
        client.integrations.list()
        rows = checks.strict(t.IntegrationListResponse).data
        for row in rows:
            client.integrations.get(row.id)
            checks.strict(t.IntegrationResponse)
        client.integrations.list(provider="salesforce")
        one = checks.strict(t.IntegrationListResponse).data
        assert [row.provider for row in one] == ["salesforce"]
        found["salesforce"] = one[0].id
        return f"{len(rows)} rows"

    checks.run("integrations", integrations)
    return found


def writes(checks, found):
    """Creates, changes, links, unlinks, cancels; each answer is read back."""
    client = checks.client
    alias = f"check-{uuid.uuid4()}"
    made = {}

    def create():
        client.customers.create(
            name="Conformance GmbH",
            currency="EUR",
            aliases=[alias],
            billing_address=t.AddressRequest(line1="Weg 1", city="Bonn", state="NW", postal_code="53111", country="DEU"),
            contacts=[t.ContactRequest(email="a@conformance.example", is_primary=True, email_preferences=["billing"])],
        )
        made["customer"] = checks.strict(t.CustomerResponse)
        client.customers.get(alias)
        assert checks.strict(t.CustomerResponse) == made["customer"]
        client.customers.lookup(alias=alias)
        assert checks.strict(t.CustomerLookupResponse).customer_id == made["customer"].id
        return made["customer"].id

    def patch():
        before = made["customer"]
        keep = before.contacts[0]
        contacts = [
            t.ContactRequest(id=keep.id, email=keep.email, is_primary=True),
            t.ContactRequest(email="b@conformance.example", first_name="B", is_primary=False),
        ]
        client.customers.update(before.id, contacts=contacts, name="Conformance AG")
        after = checks.strict(t.CustomerResponse)
        assert after.name == "Conformance AG" and after.aliases == [alias]
        assert after.contacts[0].id == keep.id and len(after.contacts) == 2
        assert after.updated_at > before.updated_at
        client.customers.update(before.id, contacts=contacts[1:])
        assert len(checks.strict(t.CustomerResponse).contacts) == 1, "the list replaces the list"

    def link():
        owner, external = made["customer"].id, "001" + uuid.uuid4().hex[:15]
        client.customers.create_connected_account(owner, external_id=external, integration_id=found["salesforce"])
        row = checks.strict(t.ConnectedAccountResponse)
        client.customers.get(external)
        assert checks.strict(t.CustomerResponse).id == owner
        client.customers.list(integration_ids=[found["salesforce"]], limit=100, offset=0)
        checks.strict(t.CustomerListResponse)
        client.customers.list_connected_accounts(owner)
        assert checks.strict(t.ConnectedAccountListResponse).data == [row]
        client.customers.delete_connected_account(owner, row.id)
        client.customers.list_connected_accounts(owner)
        assert checks.strict(t.ConnectedAccountListResponse).data == []

    def keys():
        key = str(uuid.uuid4())
        first = client.customers.create(name="Once", currency="USD", idempotency_key=key)
        again = client.customers.create(name="Once", currency="USD", idempotency_key=key)
        assert first == again and checks.wire.last.headers["idempotent-replayed"] == "true"
        checks.strict(t.CustomerResponse)
        expect(UnprocessableEntityError, lambda: client.customers.create(name="Twice", currency="USD", idempotency_key=key))
        checks.strict(t.ErrorResponse)

    def cancel():
        one = client.subscriptions.list(status="active", limit=1, offset=0).data[0]
        client.subscriptions.cancel(one.id, reason="pricing", effective="immediate")
        assert checks.strict(t.SubscriptionResponse).status == "canceled"
        client.subscriptions.get(one.id)
        assert checks.strict(t.SubscriptionResponse).status == "canceled"
        return one.id

    checks.run("customer create, read back by alias", create)
    checks.run("customer update, whole lists", patch)
    checks.run("connected account create, find, delete", link)
    checks.run("idempotency key", keys)
    checks.run("subscription cancel", cancel)


def errors(checks):
    """The error bodies, as the SDK's exceptions and strictly."""
    client = checks.client

    def unauthorized():
        expect(UnauthorizedError, lambda: checks.new_client("wrong").customers.list())
        checks.strict(t.GatewayErrorResponse)

    def not_found():
        for call in (client.customers.get, client.subscriptions.get, client.invoices.get, client.quotes.get):
            expect(NotFoundError, lambda call=call: call("no-such-id"))
            checks.strict(t.ErrorResponse)

    def bad():
        expect(BadRequestError, lambda: client.customers.list(limit=1000, offset=0))
        checks.strict(t.ErrorResponse)
        expect(BadRequestError, lambda: client.customers.create(name="", currency="USD"))
        checks.strict(t.ErrorResponse)

    def version():
        headers = {"Authorization": f"Bearer {checks.api_key}", "Alguna-Version": "2020-01-01"}
        answer = httpx.get(f"{checks.base_url}/customers", headers=headers, trust_env=False)
        assert answer.status_code == 400
        assert read(t.ErrorResponse, answer.text).type == "about:blank"

    def conflict():
        owner = client.customers.create(name="Taken", currency="USD", aliases=[f"taken-{uuid.uuid4()}"])
        error = expect(ApiError, lambda: client.customers.create(name="T", currency="USD", aliases=owner.aliases))
        assert error.status_code == 409
        checks.strict(t.ErrorResponse)

    checks.run("401 of the gateway", unauthorized)
    checks.run("404 bodies", not_found)
    checks.run("400 bodies", bad)
    checks.run("400 for another version", version)
    checks.run("409 body", conflict)


def negative(checks):
    """The strict reading refuses answers that the SDK takes without a word."""
    client = checks.client

    def check():
        client.subscriptions.list(limit=1, offset=0)
        good = json.loads(checks.wire.last.text)
        read(t.SubscriptionListResponse, json.dumps(good))

        def broken(change):
            body = json.loads(json.dumps(good))
            change(body["data"][0])
            try:
                read(t.SubscriptionListResponse, json.dumps(body))
            except Malformed:
                return
            raise AssertionError(f"a malformed answer passed: {body}")

        broken(lambda row: row.pop("customer_id"))
        broken(lambda row: row.update(name=5))
        broken(lambda row: row.update(created_at="yesterday"))
        broken(lambda row: row.update(status="finished"))
        broken(lambda row: row.update(endedAt="2026-01-01T00:00:00Z"))
        broken(lambda row: row["contract"].update(period_type="weekly"))
        broken(lambda row: row["renewal"].update(auto_renew="yes"))
        broken(lambda row: row.update(pending_changes=None))
        return "8 malformed answers caught"

    checks.run("the strict reading refuses", check)


def main():
    """All checks; 1 when any failed."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--base-url", required=True)
    arguments.add_argument("--api-key", required=True)
    given = arguments.parse_args()
    checks = Checks(given.base_url.rstrip("/"), given.api_key)
    found = reads(checks)
    writes(checks, found)
    errors(checks)
    negative(checks)
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
