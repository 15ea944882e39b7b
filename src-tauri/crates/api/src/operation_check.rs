//! What a form is checked with: what the store remembers of what it is about and, of links, what the
//! billing system has now.

use drawbridge_model::{
    Connection, ConnectionId, CustomerId, Integration, Operation, OperationKind, RecordId,
    SourceImport, SourceLinks, Value,
};
use drawbridge_sync::operations::{self, Checked, Form, FormField, FormProblem, KnownLinks};
use drawbridge_sync::writeback::Verdict;

use crate::context::Workspace;
use crate::error::Result;
use crate::operation_views::link_lines;
use crate::view::{ErrorView, LinkOutlookView};

/// What the forms of one connection are checked with.
pub(crate) struct Checker<'a> {
    workspace: &'a Workspace,
    connection: &'a Connection,
    integrations: Vec<Integration>,
}

impl Workspace {
    /// What checks these forms. Where a link is among them, the billing system is asked for its
    /// Salesforce integrations, once.
    pub(crate) async fn checker<'a>(
        &'a self,
        connection: &'a Connection,
        forms: impl IntoIterator<Item = &Form>,
    ) -> Result<Checker<'a>> {
        let links = forms.into_iter().any(|form| {
            form.kind == OperationKind::LinkCustomer
                && form.text(FormField::Customer).is_some()
                && form.text(FormField::Account).is_some()
        });
        let integrations = if links {
            let source = self.source(connection)?;
            source.alguna()?.integrations().await?
        } else {
            Vec::new()
        };
        Ok(Checker {
            workspace: self,
            connection,
            integrations,
        })
    }

    /// What the customer of a checked operation has now and will have; where something stands in
    /// its way, that is a problem of the form. What cannot be read is a note: it is looked at again
    /// before anything is sent.
    pub(crate) async fn link_outlook(
        &self,
        connection: &Connection,
        checked: &mut Checked,
    ) -> Result<Option<LinkOutlookView>> {
        let Some(operation) = checked
            .operation
            .as_ref()
            .filter(|it| it.kind().provider() == drawbridge_model::Provider::Alguna)
        else {
            return Ok(None);
        };
        let source = self.source(connection)?;
        let source = source.alguna()?;
        let customer = CustomerId::from(operation.subject());
        let wrong = |field, message| FormProblem {
            field: Some(field),
            message,
        };
        let links = match source.links(&customer).await {
            Ok(Some(links)) => links,
            Ok(None) => {
                let words = format!("Alguna has no customer “{customer}”. Look at the id again.");
                checked.problems.push(wrong(FormField::Customer, words));
                checked.operation = None;
                return Ok(None);
            }
            Err(error) => {
                checked.notes.push(format!(
                    "What the customer has now could not be read ({error}). It is read again before \
                     anything is sent."
                ));
                return Ok(None);
            }
        };
        let now = link_lines(&links);
        let outlook = LinkOutlookView {
            later: link_lines(&operations::outlook(operation, &links)),
            now,
        };
        match operations::judged(operation, &links) {
            Some(Verdict::Already) => checked
                .notes
                .push("It is so already: nothing would be sent.".to_owned()),
            Some(Verdict::Conflict(words)) => {
                let field = match operation {
                    Operation::AddAlias(_) => FormField::Alias,
                    _ => FormField::Account,
                };
                // What a run says afterwards is said here before.
                let words = words.replace("It was left as it is.", "");
                let message = format!("{} {}", words.trim(), operations::way_out(operation));
                checked.problems.push(wrong(field, message));
                checked.operation = None;
                return Ok(Some(outlook));
            }
            _ => {}
        }
        let record = match operation {
            Operation::LinkCustomer { link, .. } => Some(link.record.clone()),
            // An alias that is an Account's id is a link.
            Operation::AddAlias(change) => RecordId::parse(&change.alias)
                .ok()
                .filter(RecordId::is_account),
            _ => None,
        };
        if let Some(record) = record
            && let Ok(Some(other)) = source.customer_of(&record).await
            && other != customer
        {
            let name = self.customer_name(connection.id, &other)?;
            let who = name.map_or_else(|| format!("“{other}”"), |it| format!("“{it}” ({other})"));
            checked.notes.push(format!(
                "Customer {who} is linked to this Account already. Alguna may refuse a second one."
            ));
        }
        Ok(Some(outlook))
    }

    /// Where an operation writes. A subscription that is known is told by its id, also where its
    /// alias was given.
    pub(crate) fn place(
        &self,
        connection: &Connection,
        operation: &Operation,
    ) -> Result<Option<operations::Place>> {
        let given = operation.subject();
        let known = match operation {
            Operation::UpdateSubscription(_)
            | Operation::ChurnSubscription(_)
            | Operation::UnchurnSubscription { .. } => {
                self.store.billing_subscription(connection.id, given)?
            }
            _ => None,
        };
        let subject = known
            .as_ref()
            .map_or(given, |it| it.subscription_id.as_str());
        Ok(operations::place(operation, subject))
    }

    /// The words a customer is known by, as it was last read.
    pub(crate) fn customer_name(
        &self,
        connection: ConnectionId,
        id: &CustomerId,
    ) -> Result<Option<String>> {
        use drawbridge_model::Cache as _;
        let found = self
            .store
            .customers_of(connection, std::slice::from_ref(id))?;
        Ok(found.into_iter().next().and_then(|it| it.name))
    }

    /// What an Account is called, as the syncs of this source, or any other, last read it.
    pub(crate) fn account_name(
        &self,
        source: ConnectionId,
        id: &RecordId,
    ) -> Result<Option<String>> {
        let mut syncs = self.store.syncs()?;
        syncs.sort_by_key(|sync| sync.source != source);
        for sync in syncs {
            if let Some(record) = self.store.cached_record(sync.id, id)?
                && let Value::Text(name) = record.value(&"Name".into())
            {
                return Ok(Some(name.clone()));
            }
        }
        Ok(None)
    }
}

impl Checker<'_> {
    /// A form looked through, with what the store knows beside it.
    pub(crate) fn check(&self, form: &Form) -> Result<Checked> {
        let (workspace, connection) = (self.workspace, self.connection);
        if form.kind.provider() == drawbridge_model::Provider::Alguna {
            return self.check_link(form);
        }
        let known = form
            .text(FormField::Subscription)
            .map(|handle| workspace.store.billing_subscription(connection.id, handle))
            .transpose()?
            .flatten();
        let mut checked = operations::check(form, known.as_ref());
        let Some(operation) = &checked.operation else {
            return Ok(checked);
        };
        if let Some(words) = workspace.comes_from_a_provider(connection, operation)? {
            checked.notes.push(words);
        }
        Ok(checked)
    }

    fn check_link(&self, form: &Form) -> Result<Checked> {
        let source = self.connection.id;
        let customer = form
            .text(FormField::Customer)
            .map(|id| self.workspace.customer_name(source, &CustomerId::from(id)))
            .transpose()?
            .flatten();
        let account = form
            .text(FormField::Account)
            .and_then(|id| RecordId::parse(id).ok())
            .map(|id| self.workspace.account_name(source, &id))
            .transpose()?
            .flatten();
        let known = KnownLinks {
            customer,
            account,
            integrations: self.integrations.clone(),
        };
        Ok(operations::check_links(form, &known))
    }
}

impl crate::sources::AnySource {
    /// Alguna, where it is that.
    pub(crate) fn alguna(&self) -> Result<&drawbridge_billing::alguna::Alguna> {
        self.links()
            .ok_or_else(|| ErrorView::bad_request("This needs Alguna. Nothing was sent."))
    }
}
