//! `speaker`.

use drawbridge_api::Context;
use drawbridge_api::view::{SpeakerPinRequest, SpeakerRequest, SpeakerView, SyncView};

use serde_json::{Value, json};

use super::Done;
use crate::arguments::Yardstick;
use crate::failure::Exit;
use crate::report::{Report, table};
use crate::visible;

/// What is to be done about a customer's subscriptions.
pub(super) struct Wish {
    pub(super) customer: String,
    pub(super) pin: Option<String>,
    pub(super) unpin: bool,
    pub(super) by: Option<Vec<Yardstick>>,
}

pub(super) async fn run(context: &Context, sync: &SyncView, wish: Wish, report: Report) -> Done {
    let view = if wish.pin.is_some() || wish.unpin {
        let request = SpeakerPinRequest {
            sync: sync.id,
            customer: wish.customer,
            subscription: wish.pin,
        };
        context.speaker_pin(request).await?
    } else {
        let rule = wish
            .by
            .map(|order| order.into_iter().map(Yardstick::view).collect());
        let request = SpeakerRequest {
            sync: sync.id,
            customer: wish.customer,
            rule,
        };
        context.speaker_get(request).await?
    };
    report.answer(&document(&view), || describe(&view));
    Ok(Exit::Done)
}

/// The first subscription is the one that speaks: a program is told so at each.
fn document(view: &SpeakerView) -> Value {
    let mut document = json!(view);
    if let Some(all) = document["subscriptions"].as_array_mut() {
        for (at, one) in all.iter_mut().enumerate() {
            one["speaks"] = json!(at == 0);
        }
    }
    document
}

fn describe(view: &SpeakerView) -> String {
    if view.subscriptions.is_empty() {
        return format!("{} has no subscriptions.", view.name);
    }
    let rows: Vec<Vec<String>> = view
        .subscriptions
        .iter()
        .enumerate()
        .map(|(at, it)| {
            let mark = if at == 0 { "speaks" } else { "" };
            vec![
                mark.to_owned(),
                it.id.clone(),
                it.name.clone(),
                it.status.clone(),
                it.why.clone(),
            ]
        })
        .collect();
    let mut lines = vec![
        visible::one_line(&view.name).into_owned(),
        table(&["", "ID", "NAME", "STATUS", "WHY"], &rows),
    ];
    if let Some(at) = &view.pinned_at {
        lines.push(format!(
            "A person chose it on {}: no rule changes that. --unpin lets the rule choose again.",
            at.get(..10).unwrap_or(at)
        ));
    }
    if let Some(gone) = &view.pin_gone {
        lines.push(format!(
            "A person had chosen {}, which is not there any more: the rule chooses.",
            visible::one_line(gone)
        ));
    }
    lines.join("\n")
}
