//! Which subscription speaks for a customer: looking, trying a rule, choosing.

use drawbridge_model::{CustomerBundle, CustomerId, SpeakerRule, SubscriptionId, SyncId};
use drawbridge_sync::speaks::{self, Because, Speaker};

use crate::context::{Context, Workspace};
use crate::convert;
use crate::error::Result;
use crate::view::{ErrorView, SpeakerPinRequest, SpeakerRequest, SpeakerView, SpeakingView};

impl Context {
    /// Which subscription speaks for a customer and why the others do not, by the sync's rule or
    /// by one that is only tried.
    pub async fn speaker_get(&self, request: SpeakerRequest) -> Result<SpeakerView> {
        let workspace = self.workspace();
        let sync = workspace.sync(SyncId(request.sync))?;
        let rule = request.rule.map_or(sync.speaker.clone(), |order| {
            SpeakerRule::new(order.into_iter().map(convert::yardstick_back))
        });
        let bundle = workspace.bundle(&sync, &CustomerId(request.customer))?;
        Ok(view(&bundle, &rule))
    }

    /// Lets one subscription speak for a customer, whatever the rule says, or the rule again. The
    /// choice holds for every sync of the source; their plans are made anew.
    pub async fn speaker_pin(&self, request: SpeakerPinRequest) -> Result<SpeakerView> {
        let workspace = self.workspace();
        let sync = workspace.sync(SyncId(request.sync))?;
        let customer = CustomerId(request.customer);
        let bundle = workspace.bundle(&sync, &customer)?;
        let chosen = request.subscription.map(SubscriptionId);
        if let Some(chosen) = &chosen
            && !bundle.subscriptions.iter().any(|it| it.id == *chosen)
        {
            return Err(ErrorView::bad_request(format!(
                "{} has no subscription {chosen}: nothing was changed.",
                bundle.customer.display_name()
            )));
        }
        workspace
            .store
            .pin(sync.source, &customer, chosen.as_ref(), self.clock().now())?;
        Ok(view(&workspace.bundle(&sync, &customer)?, &sync.speaker))
    }
}

impl Workspace {
    fn bundle(
        &self,
        sync: &drawbridge_model::Sync,
        customer: &CustomerId,
    ) -> Result<CustomerBundle> {
        self.store
            .customer_detail(sync.source, customer)?
            .map(|detail| detail.bundle)
            .ok_or_else(|| ErrorView::not_found(format_args!("customer {customer}")))
    }
}

fn view(bundle: &CustomerBundle, rule: &SpeakerRule) -> SpeakerView {
    let speaker = speaks::choose(bundle, rule);
    let because = speaker.as_ref().map(|speaker| &speaker.because);
    SpeakerView {
        customer: bundle.customer.id.to_string(),
        name: bundle.customer.display_name(),
        pinned_at: match because {
            Some(Because::Pinned(pin)) => Some(pin.at.to_string()),
            _ => None,
        },
        pin_gone: match because {
            Some(Because::PinGone(gone)) => Some(gone.to_string()),
            _ => None,
        },
        subscriptions: speaker.as_ref().map_or_else(Vec::new, lines),
    }
}

fn lines(speaker: &Speaker<'_>) -> Vec<SpeakingView> {
    let why = match &speaker.because {
        Because::Only => "The only subscription.",
        Because::Rule => "First by the rule.",
        Because::Pinned(_) => "Chosen by a person.",
        Because::PinGone(_) => "First by the rule; the chosen one is no longer there.",
    };
    let others = speaker.lost.iter().map(|(it, why)| (*it, why.as_str()));
    std::iter::once((speaker.chosen, why))
        .chain(others)
        .map(|(subscription, why)| SpeakingView {
            id: subscription.id.to_string(),
            name: subscription.name.clone(),
            status: speaks::word(&subscription.status),
            why: why.to_owned(),
        })
        .collect()
}
