//! What an org knows about sign-ins: codes, sessions and refresh tokens, all growing old by the
//! simulation's clock (facts/salesforce.md §1.2, §1.3).

use std::cell::Cell;
use std::collections::{HashMap, HashSet, VecDeque};

use jiff::{SignedDuration, Timestamp};

use crate::now::MovableClock;
use crate::salesforce::oauth::keys::Keys;
use crate::salesforce::oauth::policy::{OAuthPolicy, TokenError};

/// Grants a user may hold for one app; the sixth sign-in ends the oldest.
const MAX_GRANTS: usize = 5;
/// How long a code may wait to be redeemed.
const CODE_LIFE: SignedDuration = SignedDuration::from_mins(15);
/// Old refresh tokens remembered per grant, to notice when one is used again.
const REMEMBERED: usize = 50;
/// The app every org knows: Salesforce's own command line. It is no External Client App, so its
/// refresh tokens stay the same, which it relies on (facts/salesforce.md §0 point 5, §1.2).
pub(super) const CLI_APP: &str = "PlatformCLI";
/// Where the command line listens.
const CLI_REDIRECT: &str = "http://localhost:1717/OauthRedirect";
/// Scope of sessions that come from no sign-in with scopes (start, SOAP).
const FULL_SCOPE: &str = "refresh_token api web id";

/// A sign-in waiting for the person's answer, or a code waiting to be redeemed.
#[derive(Debug, Clone)]
pub(super) struct Pending {
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) state: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) challenge: String,
    pub(super) scope: String,
}

/// An access token that lives.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) scope: String,
    pub(super) issued: Timestamp,
    /// Last use; a session's life counts from it.
    pub(super) used: Cell<Timestamp>,
    grant: Option<u64>,
}

/// A sign-in that lasts: one refresh token at a time.
#[derive(Debug)]
pub(super) struct Grant {
    pub(super) id: u64,
    pub(super) client_id: String,
    pub(super) token: String,
    pub(super) scope: String,
    pub(super) approved: Timestamp,
    pub(super) used: Timestamp,
    rotated_away: VecDeque<String>,
}

/// What a session may do with the REST API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RestAccess {
    Open,
    /// The session lives, but not for the REST API: no `api` scope, or switched off.
    Blocked,
    /// No such session (any more).
    Expired,
}

/// What a successful token call gives.
pub(super) struct Issued {
    pub(super) access: String,
    pub(super) refresh: Option<String>,
    pub(super) scope: String,
    pub(super) nonce: Option<String>,
}

/// Everything an org knows about sign-ins.
#[derive(Debug)]
pub(crate) struct OAuth {
    pub(crate) client_id: String,
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) policy: OAuthPolicy,
    /// Errors the next token calls answer.
    pub(super) token_errors: VecDeque<TokenError>,
    /// Errors the next sign-in pages end with.
    pub(super) page_errors: VecDeque<TokenError>,
    pub(super) keys: Option<Keys>,
    /// Public key of the registered certificate of the JWT bearer flow.
    pub(super) jwt_certificate: Option<Vec<u8>>,
    time: MovableClock,
    random: fastrand::Rng,
    asked: HashMap<String, Pending>,
    codes: HashMap<String, (Pending, Timestamp)>,
    used_codes: HashSet<String>,
    sessions: HashMap<String, Session>,
    /// Oldest first.
    grants: Vec<Grant>,
    last_grant: u64,
}

impl OAuth {
    pub(crate) fn new(
        client_id: &str,
        redirect_uris: Vec<String>,
        seed: u64,
        time: MovableClock,
    ) -> Self {
        Self {
            client_id: client_id.to_owned(),
            redirect_uris,
            policy: OAuthPolicy::default(),
            token_errors: VecDeque::new(),
            page_errors: VecDeque::new(),
            keys: None,
            jwt_certificate: None,
            time,
            random: fastrand::Rng::with_seed(seed ^ 0x00A1_17B0_55C0_FFEE),
            asked: HashMap::new(),
            codes: HashMap::new(),
            used_codes: HashSet::new(),
            sessions: HashMap::new(),
            grants: Vec::new(),
            last_grant: 0,
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.time.now()
    }

    fn secret(&mut self, length: usize) -> String {
        (0..length).map(|_| self.random.alphanumeric()).collect()
    }

    /// Whether an app of this consumer key may sign in.
    pub(super) fn knows(&self, client_id: &str) -> bool {
        client_id == self.client_id || client_id == CLI_APP
    }

    /// Whether the app registered this callback address, to the letter.
    pub(super) fn may_redirect(&self, client_id: &str, address: &str) -> bool {
        if client_id == CLI_APP {
            address == CLI_REDIRECT
        } else {
            self.redirect_uris.iter().any(|known| known == address)
        }
    }

    /// The next token call answers this error.
    pub(crate) fn refuse_next(&mut self, error: TokenError) {
        self.token_errors.push_back(error);
    }

    /// Keeps a sign-in until the person answered; gives the ticket of the page.
    pub(super) fn ask(&mut self, pending: Pending) -> String {
        let ticket = self.secret(32);
        self.asked.insert(ticket.clone(), pending);
        ticket
    }

    pub(super) fn asked(&mut self, ticket: &str) -> Option<Pending> {
        self.asked.remove(ticket)
    }

    pub(super) fn issue_code(&mut self, pending: Pending) -> String {
        let code = format!("aPrx{}", self.secret(60));
        let now = self.now();
        self.codes.insert(code.clone(), (pending, now));
        code
    }

    /// Takes a code; it works once, and for 15 minutes.
    pub(super) fn redeem(&mut self, code: &str) -> Result<Pending, TokenError> {
        let expired = TokenError::grant("expired authorization code");
        let Some((pending, issued)) = self.codes.remove(code) else {
            return Err(if self.used_codes.contains(code) {
                expired
            } else {
                TokenError::grant("invalid authorization code")
            });
        };
        self.used_codes.insert(code.to_owned());
        if self.now().duration_since(issued) > CODE_LIFE {
            return Err(expired);
        }
        Ok(pending)
    }

    /// Access and, where the scope asks for it, refresh token of a new sign-in.
    pub(super) fn sign_in(&mut self, org_id: &str, pending: Pending) -> Issued {
        let access = self.issue_session(org_id, &pending.scope, None);
        let lasting = pending
            .scope
            .split_whitespace()
            .any(|scope| scope == "refresh_token" || scope == "offline_access");
        let refresh =
            lasting.then(|| self.issue_grant(&pending.client_id, &pending.scope, &access));
        Issued {
            access,
            refresh,
            scope: pending.scope,
            nonce: pending.nonce,
        }
    }

    /// A session and no refresh token.
    pub(super) fn sign_in_once(&mut self, org_id: &str) -> Issued {
        Issued {
            access: self.issue_access(org_id),
            refresh: None,
            scope: FULL_SCOPE.to_owned(),
            nonce: None,
        }
    }

    /// A session with every scope that belongs to no grant.
    pub(crate) fn issue_access(&mut self, org_id: &str) -> String {
        self.issue_session(org_id, FULL_SCOPE, None)
    }

    fn issue_session(&mut self, org_id: &str, scope: &str, grant: Option<u64>) -> String {
        let org = org_id.get(..15).unwrap_or(org_id);
        let token = format!("{org}!AQ0AQ{}.{}", self.secret(48), self.secret(30));
        let now = self.now();
        let (life, is_alive) = (self.session_life(), |used: Timestamp, life| {
            now.duration_since(used) <= life
        });
        self.sessions
            .retain(|_, session| is_alive(session.used.get(), life));
        self.sessions.insert(
            token.clone(),
            Session {
                scope: scope.to_owned(),
                issued: now,
                used: Cell::new(now),
                grant,
            },
        );
        token
    }

    /// Starts a grant of the External Client App with the session it gave first.
    pub(crate) fn issue_refresh(&mut self, scope: &str, access: &str) -> String {
        let client_id = self.client_id.clone();
        self.issue_grant(&client_id, scope, access)
    }

    fn issue_grant(&mut self, client_id: &str, scope: &str, access: &str) -> String {
        let of_app = |grant: &Grant| grant.client_id == client_id;
        while self.grants.iter().filter(|grant| of_app(grant)).count() >= MAX_GRANTS {
            let Some(oldest) = self.grants.iter().position(of_app) else {
                break;
            };
            self.end_grant(oldest);
        }
        let (token, now) = (self.refresh_token(), self.now());
        self.last_grant += 1;
        self.grants.push(Grant {
            id: self.last_grant,
            client_id: client_id.to_owned(),
            token: token.clone(),
            scope: scope.to_owned(),
            approved: now,
            used: now,
            rotated_away: VecDeque::new(),
        });
        if let Some(session) = self.sessions.get_mut(access) {
            session.grant = Some(self.last_grant);
        }
        token
    }

    fn refresh_token(&mut self) -> String {
        format!("5Aep861{}.{}", self.secret(50), self.secret(24))
    }

    /// A new session by a refresh token, and a new refresh token in place of it.
    pub(super) fn refresh(
        &mut self,
        org_id: &str,
        client_id: &str,
        given: &str,
    ) -> Result<Issued, TokenError> {
        let (now, policy) = (self.now(), self.policy.clone());
        let dead = TokenError::grant("expired access/refresh token");
        let is_given = |grant: &Grant| grant.token == given && grant.client_id == client_id;
        let Some(place) = self.grants.iter().position(is_given) else {
            // A token that was rotated away is in two hands: both lose.
            let stolen = self
                .grants
                .iter()
                .position(|grant| grant.rotated_away.iter().any(|old| old == given));
            if let Some(place) = stolen.filter(|_| policy.reuse_ends_grant) {
                self.end_grant(place);
            }
            return Err(dead);
        };
        let grant = &self.grants[place];
        let age = now.duration_since(grant.approved);
        if policy
            .refresh_lifetime_days
            .is_some_and(|life| age > days(life))
        {
            self.end_grant(place);
            return Err(TokenError::grant("token validity expired"));
        }
        if now.duration_since(grant.used) > days(policy.refresh_idle_days) {
            self.end_grant(place);
            return Err(dead);
        }
        let (id, scope) = (grant.id, grant.scope.clone());
        let access = self.issue_session(org_id, &scope, Some(id));
        let rotates = policy.rotation && client_id != CLI_APP;
        let fresh = rotates.then(|| self.refresh_token());
        let grant = &mut self.grants[place];
        grant.used = now;
        if let Some(fresh) = &fresh {
            let old = std::mem::replace(&mut grant.token, fresh.clone());
            grant.rotated_away.push_back(old);
            if grant.rotated_away.len() > REMEMBERED {
                grant.rotated_away.pop_front();
            }
        }
        Ok(Issued {
            access,
            refresh: fresh,
            scope,
            nonce: None,
        })
    }

    fn session_life(&self) -> SignedDuration {
        SignedDuration::from_secs(
            i64::try_from(self.policy.session_minutes.saturating_mul(60)).unwrap_or(i64::MAX),
        )
    }

    /// A session that lives; looking does not lengthen its life.
    pub(super) fn session(&self, access_token: &str) -> Option<&Session> {
        let session = self.sessions.get(access_token)?;
        let idle = self.now().duration_since(session.used.get());
        (idle <= self.session_life()).then_some(session)
    }

    /// The grant of a refresh token that lives.
    pub(super) fn grant(&self, refresh_token: &str) -> Option<&Grant> {
        self.grants
            .iter()
            .find(|grant| grant.token == refresh_token)
    }

    /// Whether the session lives; its life starts anew with every use.
    pub(crate) fn accepts(&self, access_token: &str) -> bool {
        let session = self.session(access_token);
        if let Some(session) = session {
            session.used.set(self.now());
        }
        session.is_some()
    }

    /// As [`OAuth::accepts`], for the REST API.
    pub(crate) fn rest_access(&self, access_token: &str) -> RestAccess {
        if !self.accepts(access_token) {
            return RestAccess::Expired;
        }
        let has_scope = self.session(access_token).is_some_and(|session| {
            session
                .scope
                .split_whitespace()
                .any(|scope| scope == "api" || scope == "full")
        });
        if has_scope {
            RestAccess::Open
        } else {
            RestAccess::Blocked
        }
    }

    /// Ends one session; false when there is none.
    pub(crate) fn end_session(&mut self, access_token: &str) -> bool {
        self.sessions.remove(access_token).is_some()
    }

    /// Revokes a session alone, or a grant with all its sessions; false when the token is unknown.
    pub(super) fn revoke(&mut self, token: &str) -> bool {
        if self.end_session(token) {
            return true;
        }
        let place = self.grants.iter().position(|grant| grant.token == token);
        place.inspect(|place| self.end_grant(*place)).is_some()
    }

    fn end_grant(&mut self, place: usize) {
        let grant = self.grants.remove(place);
        self.end_sessions_of(grant.id);
    }

    fn end_sessions_of(&mut self, grant: u64) {
        self.sessions
            .retain(|_, session| session.grant != Some(grant));
    }

    /// Ends all sessions; refresh tokens stay good.
    pub(crate) fn expire_sessions(&mut self) {
        self.sessions.clear();
    }

    /// Ends all sessions, grants and codes, as when a sandbox is refreshed.
    pub(crate) fn end_all(&mut self) {
        self.sessions.clear();
        self.grants.clear();
        self.codes.clear();
        self.asked.clear();
    }

    /// Sessions that live, and the grants.
    pub(super) fn living(&self) -> (usize, &[Grant]) {
        let sessions = self.sessions.keys();
        let living = sessions.filter(|token| self.session(token).is_some());
        (living.count(), &self.grants)
    }
}

fn days(days: u64) -> SignedDuration {
    SignedDuration::from_hours(i64::try_from(days.saturating_mul(24)).unwrap_or(i64::MAX / 3600))
}
