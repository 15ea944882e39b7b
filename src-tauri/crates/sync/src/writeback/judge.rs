//! What is to be done about a link, given what the billing system knows now. Pure.

use drawbridge_model::{ConnectedAccount, CustomerLinks, LinkAction, LinkPlace, LinkRow, RecordId};

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing: it is so already.
    Already,
    /// Nothing: the billing system says something else, which stays. The sentence says what.
    Conflict(String),
    /// A call.
    Send(Write),
}

/// A call that changes a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// Makes a connected account of this integration that names this Account.
    Connect {
        /// Id of the integration.
        integration: String,
        /// The Account.
        record: RecordId,
    },
    /// Removes the connected account with this id.
    Disconnect(String),
    /// Replaces the aliases by these.
    Aliases(Vec<String>),
}

/// Judges a link by what was just read.
pub fn judge(row: &LinkRow, record: &RecordId, links: &CustomerLinks) -> Verdict {
    match row.action {
        LinkAction::Record => link(&row.place, record, links),
        LinkAction::Remove => to_remove(row, record, links),
    }
}

/// Whether a link stands as its write would leave it.
pub fn done(row: &LinkRow, record: &RecordId, links: &CustomerLinks) -> bool {
    matches!(judge(row, record, links), Verdict::Already)
}

/// Another Account than `record` that a customer's aliases name: an 18- or 15-character id.
pub(super) fn other_account<'a>(
    texts: impl IntoIterator<Item = &'a String>,
    record: Option<&RecordId>,
) -> Option<&'a String> {
    texts
        .into_iter()
        .find(|text| RecordId::parse(text).is_ok_and(|id| id.is_account() && Some(&id) != record))
}

fn is(text: &str, record: &RecordId) -> bool {
    RecordId::parse(text).is_ok_and(|id| id == *record)
}

/// Judges whether an Account can be recorded there, by what was just read.
pub fn link(place: &LinkPlace, record: &RecordId, links: &CustomerLinks) -> Verdict {
    let mut connected = links.connected.iter();
    if connected.any(|it| is(&it.external, record))
        || links.aliases.iter().any(|alias| is(alias, record))
    {
        return Verdict::Already;
    }
    let stands_there = |it: &&ConnectedAccount| match place {
        LinkPlace::ConnectedAccount { integration } => it.integration == *integration,
        // An alias says it for every integration.
        LinkPlace::Alias => RecordId::parse(&it.external).is_ok_and(|id| id.is_account()),
    };
    if let Some(other) = links.connected.iter().find(stands_there) {
        return Verdict::Conflict(format!(
            "A connected account names {} for this customer, not {record}. It was left as it is.",
            other.external
        ));
    }
    if let Some(other) = other_account(&links.aliases, Some(record)) {
        return Verdict::Conflict(format!(
            "The alias {other} names another Account for this customer, not {record}. It was left \
             as it is."
        ));
    }
    Verdict::Send(match place {
        LinkPlace::ConnectedAccount { integration } => Write::Connect {
            integration: integration.clone(),
            record: record.clone(),
        },
        LinkPlace::Alias => {
            let mut aliases = links.aliases.clone();
            aliases.push(record.to_string());
            Write::Aliases(aliases)
        }
    })
}

/// Judges what takes an Account off a customer, wherever it is named: one call at a time, connected
/// accounts first.
pub fn unlink(record: &RecordId, links: &CustomerLinks) -> Verdict {
    let mut connected = links.connected.iter();
    if let Some(now) = connected.find(|it| is(&it.external, record)) {
        return Verdict::Send(Write::Disconnect(now.id.clone()));
    }
    without(links, |alias| is(alias, record))
}

/// Judges whether a customer can have one more alias. One that is an Account's id is a link.
pub fn add_alias(alias: &str, links: &CustomerLinks) -> Verdict {
    if let Ok(record) = RecordId::parse(alias)
        && record.is_account()
    {
        return link(&LinkPlace::Alias, &record, links);
    }
    if links.aliases.iter().any(|it| it == alias) {
        return Verdict::Already;
    }
    let mut aliases = links.aliases.clone();
    aliases.push(alias.to_owned());
    Verdict::Send(Write::Aliases(aliases))
}

/// Judges what takes an alias off a customer.
pub fn remove_alias(alias: &str, links: &CustomerLinks) -> Verdict {
    without(links, |it| it == alias)
}

fn without(links: &CustomerLinks, goes: impl Fn(&str) -> bool) -> Verdict {
    let mut kept = links.aliases.clone();
    kept.retain(|alias| !goes(alias));
    if kept.len() == links.aliases.len() {
        Verdict::Already
    } else {
        Verdict::Send(Write::Aliases(kept))
    }
}

/// What a customer's links are once a call has been carried out.
pub fn after(write: &Write, links: &CustomerLinks) -> CustomerLinks {
    let mut links = links.clone();
    match write {
        Write::Connect {
            integration,
            record,
        } => links.connected.push(ConnectedAccount {
            id: String::new(),
            integration: integration.clone(),
            external: record.to_string(),
        }),
        Write::Disconnect(id) => links.connected.retain(|it| it.id != *id),
        Write::Aliases(aliases) => links.aliases.clone_from(aliases),
    }
    links
}

fn to_remove(row: &LinkRow, record: &RecordId, links: &CustomerLinks) -> Verdict {
    let LinkPlace::ConnectedAccount { integration } = &row.place else {
        // Exactly what was written: the short form of the same id was somebody else's.
        return remove_alias(record.as_str(), links);
    };
    let Some(now) = links
        .connected
        .iter()
        .find(|it| it.integration == *integration)
    else {
        return Verdict::Already;
    };
    if !is(&now.external, record) {
        return Verdict::Conflict(format!(
            "The connected account names {} since, not {record}. It was left as it is.",
            now.external
        ));
    }
    if row.connected.as_ref().is_some_and(|made| *made != now.id) {
        return Verdict::Conflict(format!(
            "The connected account of {record} was made anew since the run. It was left as it is."
        ));
    }
    Verdict::Send(Write::Disconnect(now.id.clone()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use drawbridge_model::CustomerId;
    use proptest::prelude::*;

    use super::*;

    const OURS: &str = "0015g00000AbCdEAAV";
    const THEIRS: &str = "0015g00000ZzZzZAAV";

    fn row(action: LinkAction, place: LinkPlace) -> LinkRow {
        LinkRow {
            customer: CustomerId::from("c"),
            name: "C".to_owned(),
            action,
            place,
            record: None,
            other: None,
            connected: Some("ca_1".to_owned()),
        }
    }

    fn connected(id: &str, external: &str) -> CustomerLinks {
        CustomerLinks {
            connected: vec![ConnectedAccount {
                id: id.to_owned(),
                integration: "i".to_owned(),
                external: external.to_owned(),
            }],
            aliases: Vec::new(),
        }
    }

    fn aliases(list: &[&str]) -> CustomerLinks {
        CustomerLinks {
            connected: Vec::new(),
            aliases: list.iter().map(|alias| (*alias).to_owned()).collect(),
        }
    }

    fn through() -> LinkPlace {
        LinkPlace::ConnectedAccount {
            integration: "i".to_owned(),
        }
    }

    #[test]
    fn what_is_there_is_left_and_what_contradicts_is_a_conflict() {
        let ours = RecordId::parse(OURS).unwrap();
        let record = |place: LinkPlace, links: &CustomerLinks| {
            judge(&row(LinkAction::Record, place), &ours, links)
        };
        for place in [through(), LinkPlace::Alias] {
            for there in [connected("x", &OURS[..15]), aliases(&["crm-1", OURS])] {
                assert_eq!(record(place.clone(), &there), Verdict::Already);
            }
            let other = record(place, &aliases(&["crm-1", THEIRS]));
            assert!(matches!(other, Verdict::Conflict(_)), "{other:?}");
        }
        for place in [through(), LinkPlace::Alias] {
            let other = record(place, &connected("x", THEIRS));
            assert!(matches!(other, Verdict::Conflict(_)), "{other:?}");
        }
        let elsewhere = record(LinkPlace::Alias, &connected("x", "cus_9s6XKzkNRiz8i3"));
        assert!(matches!(elsewhere, Verdict::Send(_)), "{elsewhere:?}");
        assert_eq!(
            record(through(), &aliases(&["crm-1"])),
            Verdict::Send(Write::Connect {
                integration: "i".to_owned(),
                record: ours.clone(),
            })
        );
        assert_eq!(
            record(LinkPlace::Alias, &aliases(&["crm-1"])),
            Verdict::Send(Write::Aliases(vec!["crm-1".to_owned(), OURS.to_owned()]))
        );
    }

    #[test]
    fn only_what_the_run_made_is_taken_back() {
        let ours = RecordId::parse(OURS).unwrap();
        let remove = |place: LinkPlace, links: &CustomerLinks| {
            judge(&row(LinkAction::Remove, place), &ours, links)
        };
        assert_eq!(
            remove(through(), &connected("ca_1", OURS)),
            Verdict::Send(Write::Disconnect("ca_1".to_owned()))
        );
        for changed in [connected("ca_2", OURS), connected("ca_1", THEIRS)] {
            let left = remove(through(), &changed);
            assert!(matches!(left, Verdict::Conflict(_)), "{left:?}");
        }
        assert_eq!(remove(through(), &aliases(&[OURS])), Verdict::Already);
        assert_eq!(
            remove(LinkPlace::Alias, &aliases(&["a", OURS, "b"])),
            Verdict::Send(Write::Aliases(vec!["a".to_owned(), "b".to_owned()]))
        );
        assert_eq!(
            remove(LinkPlace::Alias, &aliases(&[&OURS[..15]])),
            Verdict::Already
        );
    }

    proptest! {
        /// No alias is ever lost, and none but ours is added.
        #[test]
        fn aliases_are_kept_in_their_order(list in prop::collection::vec("[a-z]{1,6}|001[a-zA-Z0-9]{12}", 0..6)) {
            let ours = RecordId::parse(OURS).unwrap();
            let links = CustomerLinks { connected: Vec::new(), aliases: list.clone() };
            let row = row(LinkAction::Record, LinkPlace::Alias);
            if let Verdict::Send(Write::Aliases(written)) = judge(&row, &ours, &links) {
                prop_assert_eq!(&written[..list.len()], &list[..]);
                prop_assert_eq!(&written[list.len()..], &[OURS.to_owned()][..]);
                let after = CustomerLinks { connected: Vec::new(), aliases: written };
                prop_assert!(done(&row, &ours, &after));
            }
        }
    }
}
