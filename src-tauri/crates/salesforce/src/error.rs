//! Why signing in did not work. Each text says what to do next.

use std::io;

/// Why an address cannot be used or a login did not come about.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The text is no web address at all.
    #[error(
        "“{text}” is not a web address. Give your org's My Domain, such as \
         https://acme.my.salesforce.com, or https://test.salesforce.com for a sandbox."
    )]
    NotAnAddress {
        /// What was given.
        text: String,
    },
    /// The address would send the login unencrypted.
    #[error(
        "{host} must be reached over https. Plain http is accepted for this computer's own \
         addresses only. Nothing was sent."
    )]
    NotSecure {
        /// Host of the address.
        host: String,
    },
    /// The address does not belong to Salesforce.
    #[error(
        "{host} is not a Salesforce login address. Give your org's My Domain, which ends in \
         .my.salesforce.com, or login.salesforce.com or test.salesforce.com. Nothing was sent."
    )]
    NotSalesforce {
        /// Host of the address.
        host: String,
    },
    /// No consumer key was given.
    #[error(
        "The consumer key is missing. In the org's Setup open External Client App Manager, the \
         app, Settings, OAuth Settings, Consumer Key and Secret, and copy the key."
    )]
    NoClientId,
    /// Something else listens on the port the browser is to come back to.
    #[error(
        "Port {port} is in use by another program, so the browser could not hand the login back. \
         The login was not started."
    )]
    PortTaken {
        /// The port.
        port: u16,
    },
    /// The port cannot be listened on for another reason.
    #[error(
        "Drawbridge cannot listen on port {port}, so the browser could not hand the login back: \
         {reason}. The login was not started."
    )]
    NoListener {
        /// The port.
        port: u16,
        /// What the operating system said.
        #[source]
        reason: io::Error,
    },
    /// The person said no.
    #[error(
        "Access was denied on the Salesforce page. Nothing was connected. Start again and choose \
         Allow, or ask the org's admin to approve the app for your user."
    )]
    Denied,
    /// Salesforce refused the login.
    #[error(
        "Salesforce refused the login: {description} ({code}). Nothing was connected. {advice}"
    )]
    Refused {
        /// OAuth `error`.
        code: String,
        /// OAuth `error_description`.
        description: String,
        /// What to do.
        advice: &'static str,
    },
    /// The browser did not come back.
    #[error("{}", timed_out(*.seconds, *.strays))]
    TimedOut {
        /// How long was waited.
        seconds: u64,
        /// Callbacks that did not belong to this login.
        strays: u32,
    },
    /// The person stopped waiting.
    #[error("The login was stopped. Nothing was connected.")]
    Cancelled,
    /// Nobody answers at the login address.
    #[error(
        "{host} cannot be reached: {reason}. Nothing was connected. Check the network and the address."
    )]
    Unreachable {
        /// Host and port.
        host: String,
        /// What the network said.
        reason: String,
    },
    /// Somebody answers, but not as Salesforce's login does.
    #[error("{host} did not answer as Salesforce's login does: {what}. Nothing was connected.")]
    NotTheApi {
        /// Host and port.
        host: String,
        /// What came instead.
        what: &'static str,
    },
    /// The text is no `sfdxAuthUrl`.
    #[error(
        "This is not an sfdxAuthUrl. It has the form force://<client id>:<secret>:<refresh \
         token>@<host>; `sf org auth show-sfdx-auth-url` prints it. The text itself is not \
         repeated here, because it may hold a token."
    )]
    NotAnSfdxUrl,
    /// The extra certificate authority cannot be read, or the TLS library does not start.
    #[error(
        "Secure connections cannot be set up: {reason}. Check the certificates that this computer trusts."
    )]
    Tls {
        /// What the TLS library said.
        reason: String,
    },
}

fn timed_out(seconds: u64, strays: u32) -> String {
    let waited = match seconds {
        0..=119 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds / 60),
    };
    let stray = match strays {
        0 => String::new(),
        _ => format!(
            "\nThe browser came back {strays} time(s) with an answer that belongs to another \
             login: close old Salesforce tabs."
        ),
    };
    format!(
        "The browser did not come back within {waited}; nothing was connected. If it shows a \
         Salesforce page, find its text here:\n\
         - “app must be installed into org” or OAUTH_EC_APP_NOT_FOUND: the External Client App \
         belongs to another org. Create it in this one and use its consumer key.\n\
         - “invalid_client_id” or “client identifier invalid”: the consumer key is wrong, or the \
         app is newer than ten minutes. Wait, then try again.\n\
         - “redirect_uri_mismatch”: add the callback URL, exactly as Drawbridge shows it, to the \
         app.\n\
         - “invalid_scope”: add the scopes api and refresh_token to the app.\n\
         - “missing required code challenge”: the app's PKCE settings changed; start again.\n\
         - OAUTH_APPROVAL_ERROR_GENERIC or “not admin approved”: an admin must approve the app \
         for your user with a permission set.\n\
         - A login page that rejects you: use the org's My Domain address; sandboxes sign in at \
         test.salesforce.com.{stray}"
    )
}
