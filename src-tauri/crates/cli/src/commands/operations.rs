//! `profitwell subscription|user|plan|customer …`, `alguna customer …`, and of both `batch` and
//! `operations`.

use drawbridge_api::Context;
use drawbridge_api::view::{
    BillingCustomerRequest, BillingCustomersRequest, BillingHistoryRequest, BillingPlanRequest,
    BillingPlansRequest, Nothing, OperationCheckRequest, OperationCsvRequest, OperationDraft,
    OperationKindView, OperationListRequest, OperationOutcomeView, OperationRequest,
    OperationRowView, OperationRowsRequest, OperationRunRequest, OperationStartRequest,
    ProviderView,
};
use serde_json::{Value, json};

use super::operation_words::{
    FEW, batch_cells, customer_table, describe, document, event_cells, exit, had, intent,
    list_document, of_all, outcome_lines, preview, preview_batch, preview_document, problems,
    row_cells,
};
use super::{Done, api_call, connection_named, metrics};
use crate::alguna_arguments::{Alguna, AlgunaCommand, AlgunaCustomers, AlgunaSubject};
use crate::failure::{Exit, Failure};
use crate::profitwell_arguments::{
    BatchFile, Customers, Go, Limit, Past, PastRows, Plans, Profitwell, ProfitwellCommand, Subject,
    Subscriptions, Users,
};
use crate::report::{Report, table};

/// Rows asked for at a time.
const PAGE: u32 = 500;
/// Larger files are no list of operations.
const LARGEST_FILE: u64 = 32 * 1024 * 1024;

pub(super) async fn run(context: &Context, wish: Profitwell, report: Report) -> Done {
    let named = wish.connection.as_deref();
    let what = match wish.what {
        ProfitwellCommand::Operations(past) => {
            return history(context, ProviderView::Profitwell, past, report).await;
        }
        ProfitwellCommand::Api(call) => {
            return api_call::run(context, ProviderView::Profitwell, named, call, report).await;
        }
        ProfitwellCommand::Metrics(wish) => {
            let connection = connection(context, ProviderView::Profitwell, named).await?;
            return metrics::run(context, connection, wish, report).await;
        }
        ProfitwellCommand::On(what) => what,
    };
    let desk = desk(context, ProviderView::Profitwell, named, report).await?;
    match what {
        Subject::Subscription { action } => match action {
            Subscriptions::Create(form) => desk.change(form.draft()).await,
            Subscriptions::Update(form) => desk.change(form.draft()).await,
            Subscriptions::Churn(form) => desk.change(form.draft()).await,
            Subscriptions::Unchurn(form) => desk.change(form.draft()).await,
            Subscriptions::List { user, limit } => desk.subscriptions(user, &limit).await,
        },
        Subject::User { action } => match action {
            Users::Update(form) => desk.change(form.draft()).await,
            Users::Delete(form) => desk.change(form.draft()).await,
        },
        Subject::Plan { action } => match action {
            Plans::List { limit } => desk.plans(&limit).await,
            Plans::Get { plan } => desk.plan(plan).await,
            Plans::Create(form) => desk.change(form.draft()).await,
            Plans::Update(form) => desk.change(form.draft()).await,
        },
        Subject::Customer { action } => desk.customers(action).await,
        Subject::Batch(batch) => desk.batch(batch.operation.view(), batch.file).await,
    }
}

/// `alguna …`.
pub(super) async fn run_alguna(context: &Context, wish: Alguna, report: Report) -> Done {
    let named = wish.connection.as_deref();
    let what = match wish.what {
        AlgunaCommand::Operations(past) => {
            return history(context, ProviderView::Alguna, past, report).await;
        }
        AlgunaCommand::Api(call) => {
            return api_call::run(context, ProviderView::Alguna, named, call, report).await;
        }
        AlgunaCommand::On(what) => what,
    };
    let desk = desk(context, ProviderView::Alguna, named, report).await?;
    match what {
        AlgunaSubject::Customer { action } => match action {
            AlgunaCustomers::Link(form) => desk.change(form.draft()).await,
            AlgunaCustomers::Unlink(form) => desk.change(form.draft()).await,
            AlgunaCustomers::Alias(form) => desk.change(form.draft()).await,
            AlgunaCustomers::RemoveAlias(form) => desk.change(form.draft()).await,
        },
        AlgunaSubject::Batch(batch) => desk.batch(batch.operation.view(), batch.file).await,
    }
}

async fn desk<'a>(
    context: &'a Context,
    provider: ProviderView,
    named: Option<&str>,
    report: Report,
) -> Result<Desk<'a>, Failure> {
    let connection = connection(context, provider, named).await?;
    Ok(Desk {
        context,
        connection,
        report,
    })
}

/// The connection that was named, or the only one there is of the provider.
async fn connection(
    context: &Context,
    provider: ProviderView,
    name: Option<&str>,
) -> Result<u32, Failure> {
    if let Some(name) = name {
        return Ok(connection_named(context, name).await?.id);
    }
    let (product, word) = match provider {
        ProviderView::Alguna => ("Alguna", "alguna"),
        _ => ("ProfitWell", "profitwell"),
    };
    let all = context.connection_list(Nothing {}).await?;
    let mut own = all.iter().filter(|it| it.provider == provider);
    match (own.next(), own.next()) {
        (Some(only), None) => Ok(only.id),
        (None, _) => Err(Failure::usage(format!(
            "There is no {product} connection yet: drawbridge-cli connect {word} --name N --token-env \
             VAR.",
        ))),
        (Some(_), Some(_)) => Err(Failure::usage(format!(
            "There are several {product} connections: say which by --connection NAME.",
        ))),
    }
}

struct Desk<'a> {
    context: &'a Context,
    connection: u32,
    report: Report,
}

impl Desk<'_> {
    /// Says what would happen, and does it when told to.
    async fn change(&self, (draft, go): (OperationDraft, Go)) -> Done {
        let checked = self
            .context
            .operation_check(OperationCheckRequest {
                connection: self.connection,
                draft: draft.clone(),
            })
            .await?;
        if !checked.ready {
            let now = checked.outlook.iter().flat_map(|it| had("now", &it.now));
            now.for_each(|line| self.report.say(&line));
            return Err(Failure::usage(format!(
                "{} Nothing was sent.",
                problems(&checked.problems).join(" ")
            )));
        }
        if !go.yes {
            self.report
                .answer(&preview_document(&checked), || preview(&checked));
            return Ok(Exit::Done);
        }
        self.report.say(&intent(&checked));
        let request = OperationStartRequest {
            connection: self.connection,
            draft,
            confirm: go.confirm,
        };
        let batch = self.context.operation_start(request).await?;
        let rows = rows(self.context, batch.id, None, 1).await?;
        let row = rows.first();
        self.report.answer(
            &json!({
                "operation": batch.id,
                "status": batch.status,
                "reason": batch.reason,
                "outcome": row.and_then(|row| row.outcome),
                "subject": row.map(|row| &row.subject),
                "sentence": row.map(|row| &row.sentence),
                "message": row.and_then(|row| row.message.as_ref()),
                "before": row.map(|row| &row.before),
                "after": row.and_then(|row| row.after.as_ref()),
                "links_after": row.map(|row| &row.links_after),
            }),
            || match row {
                Some(row) => outcome_lines(&batch, row),
                None => describe(&batch),
            },
        );
        Ok(exit(&batch))
    }

    async fn subscriptions(&self, user: String, limit: &Limit) -> Done {
        let view = self
            .context
            .billing_history(BillingHistoryRequest {
                connection: self.connection,
                user,
                limit: Some(limit.limit),
                all: limit.all,
            })
            .await?;
        self.report.answer(&view, || {
            let cells: Vec<Vec<String>> = view.events.iter().map(event_cells).collect();
            let head = [
                "SUBSCRIPTION",
                "ALIAS",
                "STATUS",
                "PLAN",
                "PRICE",
                "FROM",
                "EMAIL",
            ];
            let shown = view.events.len();
            format!("{}\n{}", table(&head, &cells), of_all(shown, view.total))
        });
        Ok(Exit::Done)
    }

    async fn plans(&self, limit: &Limit) -> Done {
        let view = self
            .context
            .billing_plans(BillingPlansRequest {
                connection: self.connection,
                limit: Some(limit.limit),
                all: limit.all,
            })
            .await?;
        self.report.answer(&view, || {
            let plans = view.plans.iter();
            let cells: Vec<Vec<String>> = plans
                .map(|plan| vec![plan.id.clone(), plan.name.clone()])
                .collect();
            let shown = view.plans.len();
            format!(
                "{}\n{}",
                table(&["PLAN", "NAME"], &cells),
                of_all(shown, view.total)
            )
        });
        Ok(Exit::Done)
    }

    async fn plan(&self, plan: String) -> Done {
        let connection = self.connection;
        let request = BillingPlanRequest { connection, plan };
        let view = self.context.billing_plan(request).await?;
        self.report
            .answer(&view, || format!("{}  {}", view.id, view.name));
        Ok(Exit::Done)
    }

    async fn customers(&self, action: Customers) -> Done {
        let connection = self.connection;
        match action {
            Customers::Get { customer } => {
                let request = BillingCustomerRequest {
                    connection,
                    customer,
                };
                let view = self.context.billing_customer(request).await?;
                self.report
                    .answer(&view, || customer_table(std::slice::from_ref(&view)));
            }
            Customers::List {
                start,
                end,
                email,
                descending,
                limit,
            } => {
                let request = BillingCustomersRequest {
                    connection,
                    start,
                    end,
                    email,
                    descending,
                    limit: Some(limit.limit),
                    all: limit.all,
                };
                let view = self.context.billing_customers(request).await?;
                self.report.answer(&view, || {
                    let more = if view.more {
                        "\nThere are more: --limit N, or --all."
                    } else {
                        ""
                    };
                    format!("{}{more}", customer_table(&view.customers))
                });
            }
        }
        Ok(Exit::Done)
    }

    async fn batch(&self, kind: OperationKindView, wish: BatchFile) -> Done {
        let unreadable = |why: String| {
            Failure::usage(format!("{}: {why}. Nothing was sent.", wish.file.display()))
        };
        let size = std::fs::metadata(&wish.file).map_err(|error| unreadable(error.to_string()))?;
        if size.len() > LARGEST_FILE {
            return Err(unreadable(
                "it is larger than 32 MB; split it into several files".to_owned(),
            ));
        }
        let text = std::fs::read(&wish.file).map_err(|error| unreadable(error.to_string()))?;
        // What is not text is told as such.
        let text = String::from_utf8_lossy(&text).into_owned();
        let name = wish.file.file_name().map_or_else(
            || wish.file.display().to_string(),
            |name| name.to_string_lossy().into_owned(),
        );
        let batch = self
            .context
            .operation_csv(OperationCsvRequest {
                connection: self.connection,
                kind,
                name,
                text,
            })
            .await?;
        let blocked = rows(
            self.context,
            batch.id,
            Some(OperationOutcomeView::Blocked),
            u32::MAX,
        )
        .await?;
        let few = u32::try_from(FEW).unwrap_or(u32::MAX);
        let first = rows(self.context, batch.id, None, few).await?;
        if wish.yes && batch.sendable > 0 {
            let shown = preview_batch(&batch, &first, &blocked, false);
            self.report.say(&shown);
            return carry_out(self.context, batch.id, wish.confirm, self.report).await;
        }
        let mut shown = document(&batch);
        shown["sendable"] = json!(batch.sendable);
        shown["seconds"] = json!(batch.seconds_left);
        shown["confirm"] = json!(batch.confirm);
        shown["blocked"] = json!(blocked);
        shown["first"] = json!(first);
        self.report
            .answer(&shown, || preview_batch(&batch, &first, &blocked, true));
        Ok(Exit::Done)
    }
}

async fn history(context: &Context, provider: ProviderView, past: Past, report: Report) -> Done {
    if let Some(id) = past.resume {
        return carry_out(context, id, past.confirm, report).await;
    }
    if let Some((id, file)) = past.operation.zip(past.report) {
        let mut rows = Vec::new();
        context
            .operation_write(OperationRequest { batch: id }, &mut rows)
            .await?;
        std::fs::write(&file, rows).map_err(|error| {
            Failure::usage(format!("{}: {error}. Nothing was written.", file.display()))
        })?;
        let path = file.display().to_string();
        report.answer(&json!({"file": path}), || format!("Saved {path}"));
        return Ok(Exit::Done);
    }
    if let Some(id) = past.operation {
        let batch = context
            .operation_get(OperationRequest { batch: id })
            .await?;
        let outcome = past.rows.map(PastRows::view);
        let rows = rows(context, id, outcome, u32::MAX).await?;
        let mut shown = document(&batch);
        shown["rows"] = json!(rows);
        shown["title"] = json!(batch.title);
        report.answer(&shown, || {
            let cells: Vec<Vec<String>> = rows.iter().map(row_cells).collect();
            let head = ["ROW", "WHAT", "OUTCOME", "WHY"];
            format!("{}\n{}", describe(&batch), table(&head, &cells))
        });
        return Ok(Exit::Done);
    }
    let request = OperationListRequest {
        connection: None,
        search: String::new(),
        offset: 0,
        limit: PAGE,
    };
    let view = context.operation_list(request).await?;
    let own = || view.batches.iter().filter(|it| it.provider == provider);
    let batches: Vec<Value> = own().map(list_document).collect();
    report.answer(&batches, || {
        let cells: Vec<Vec<String>> = own().map(batch_cells).collect();
        let head = [
            "ID",
            "STARTED",
            "STATUS",
            "ROWS",
            "DONE",
            "SO ALREADY",
            "REFUSED",
            "IN",
            "WHAT",
        ];
        table(&head, &cells)
    });
    Ok(Exit::Done)
}

async fn carry_out(context: &Context, batch: u32, confirm: Option<String>, report: Report) -> Done {
    let stopping = context.clone();
    let stopper = tokio::spawn(async move {
        while crate::interrupt::asked().await.is_ok() {
            report.say("Stopping after the call under way. What was sent stays recorded.");
            if let Err(error) = stopping.operation_stop(OperationRequest { batch }).await {
                report.say(&error.message);
            }
        }
    });
    let done = {
        let run = context.operation_run(OperationRunRequest { batch, confirm });
        crate::progress::count(context, batch, run).await
    };
    stopper.abort();
    let view = done?;
    report.answer(&document(&view), || describe(&view));
    Ok(exit(&view))
}

async fn rows(
    context: &Context,
    batch: u32,
    outcome: Option<OperationOutcomeView>,
    most: u32,
) -> Result<Vec<OperationRowView>, Failure> {
    let mut request = OperationRowsRequest {
        batch,
        outcome,
        search: String::new(),
        offset: 0,
        limit: PAGE.min(most),
    };
    let mut rows = Vec::new();
    loop {
        let page = context.operation_rows(request.clone()).await?;
        let last = page.rows.is_empty();
        rows.extend(page.rows);
        if last || rows.len() >= page.total.min(most) as usize {
            return Ok(rows);
        }
        request.offset += PAGE;
    }
}
