//! The HTML pages of the simulated sign-in.

use crate::salesforce::org::Identity;

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;background:#f4f6f9;color:#181818;margin:0}\
main{max-width:28rem;margin:8vh auto;background:#fff;border-radius:.5rem;padding:2rem;box-shadow:0 2px 12px #0002}\
h1{font-size:1.25rem;margin:0 0 .5rem}button{font:inherit;padding:.5rem 1.5rem;border-radius:.25rem;border:1px solid #0b5cab;\
background:#fff;color:#0b5cab;margin-right:.5rem;cursor:pointer}button.main{background:#0b5cab;color:#fff}\
.note{color:#5c5c5c;font-size:.85rem}";

/// Makes text safe to stand in a page.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn page(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <style>{STYLE}</style></head><body><main>{body}</main></body></html>"
    )
}

/// The page that asks whether the application may have access.
pub(crate) fn approval(identity: &Identity, app: &str, ticket: &str, scope: &str) -> String {
    let wanted: Vec<&str> = scope
        .split_whitespace()
        .map(|scope| match scope {
            "api" => "Manage user data via APIs",
            "refresh_token" | "offline_access" => "Perform requests at any time",
            "openid" | "id" => "Access unique user identifiers",
            _ => "Manage user data via Web browsers",
        })
        .collect();
    let list = wanted.join("</li><li>");
    page(
        "Allow Access? | Simulated Salesforce",
        &format!(
            "<h1>Allow access?</h1><p>{app} is asking to:</p><ul><li>{list}</li></ul>\
             <p>You are signed in to <b>{}</b> as <b>{}</b>.</p>\
             <form method=\"post\" action=\"/services/oauth2/authorize/decision\">\
             <input type=\"hidden\" name=\"ticket\" value=\"{ticket}\">\
             <button class=\"main\" name=\"decision\" value=\"allow\">Allow</button>\
             <button name=\"decision\" value=\"deny\">Deny</button></form>\
             <p class=\"note\">This is a simulated org on this machine. No real Salesforce org is involved.</p>",
            escape(identity.org_name),
            escape(identity.username)
        ),
    )
}

/// A page that leads nowhere: the application is never told.
pub(crate) fn dead_end(code: &str, text: &str) -> String {
    page(
        "Error | Simulated Salesforce",
        &format!(
            "<h1>We can't authorize you because of an OAuth error.</h1>\
             <p>For more information, contact your Salesforce administrator.</p>\
             <p><code>OAUTH_APPROVAL_ERROR_GENERIC</code> : error=<code>{}</code>, error_description=<code>{}</code></p>",
            escape(code),
            escape(text)
        ),
    )
}
