//! Laws of tokens, tried on random histories.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::time::Duration;

use proptest::prelude::*;

use crate::now::MovableClock;
use crate::salesforce::oauth::grants::{CLI_APP, OAuth, Pending, RestAccess};

const ORG: &str = "00D9V000004UatSUAS";
const APP: &str = "app";

#[derive(Debug, Clone)]
enum Step {
    SignIn { by_cli: bool },
    Refresh { which: usize },
    Use { which: usize },
    Revoke { which: usize },
    Wait { hours: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        any::<bool>().prop_map(|by_cli| Step::SignIn { by_cli }),
        any::<usize>().prop_map(|which| Step::Refresh { which }),
        any::<usize>().prop_map(|which| Step::Use { which }),
        any::<usize>().prop_map(|which| Step::Revoke { which }),
        (0_u64..900).prop_map(|hours| Step::Wait { hours }),
    ]
}

/// A token as a client holds it.
struct Held {
    app: &'static str,
    refresh: String,
    access: String,
}

proptest! {
    #[test]
    fn tokens_die_for_good(steps in proptest::collection::vec(step(), 1..60)) {
        let clock = MovableClock::default();
        let mut oauth = OAuth::new(APP, Vec::new(), 1, clock.clone());
        let mut held: Vec<Held> = Vec::new();
        let mut dead: Vec<(&'static str, String)> = Vec::new();
        for step in steps {
            match step {
                Step::SignIn { by_cli } => {
                    let app = if by_cli { CLI_APP } else { APP };
                    let issued = oauth.sign_in(ORG, Pending {
                        client_id: app.to_owned(), redirect_uri: String::new(), state: None, nonce: None,
                        challenge: String::new(), scope: "api refresh_token".to_owned(),
                    });
                    prop_assert_eq!(oauth.rest_access(&issued.access), RestAccess::Open);
                    held.push(Held { app, refresh: issued.refresh.unwrap(), access: issued.access });
                }
                Step::Refresh { which } if !held.is_empty() => {
                    let place = which % held.len();
                    let (app, given) = (held[place].app, held[place].refresh.clone());
                    match oauth.refresh(ORG, app, &given) {
                        Ok(issued) => {
                            prop_assert!(oauth.accepts(&issued.access));
                            // The External Client App rotates, the command line does not.
                            prop_assert_eq!(issued.refresh.is_some(), app == APP);
                            if let Some(fresh) = issued.refresh {
                                dead.push((app, std::mem::replace(&mut held[place].refresh, fresh)));
                            }
                            held[place].access = issued.access;
                        }
                        Err(_) => dead.push((app, given)),
                    }
                }
                Step::Use { which } if !held.is_empty() => {
                    let access = &held[which % held.len()].access;
                    if !oauth.accepts(access) {
                        prop_assert!(!oauth.accepts(access), "a dead session stays dead");
                    }
                }
                Step::Revoke { which } if !held.is_empty() => {
                    let token = &held[which % held.len()];
                    oauth.revoke(&token.refresh);
                    prop_assert!(oauth.grant(&token.refresh).is_none());
                    dead.push((token.app, token.refresh.clone()));
                }
                Step::Wait { hours } => clock.advance(Duration::from_hours(hours)),
                Step::Refresh { .. } | Step::Use { .. } | Step::Revoke { .. } => {}
            }
            for app in [APP, CLI_APP] {
                let (_, grants) = oauth.living();
                prop_assert!(grants.iter().filter(|grant| grant.client_id == app).count() <= 5);
            }
        }
        // Reuse may end more grants, but a dead token never comes back.
        for (app, token) in &dead {
            prop_assert!(oauth.refresh(ORG, app, token).is_err());
        }
        clock.advance(Duration::from_hours(24 * 31));
        for token in &held {
            prop_assert!(!oauth.accepts(&token.access));
            prop_assert!(oauth.refresh(ORG, token.app, &token.refresh).is_err());
        }
    }
}
