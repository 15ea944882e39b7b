//! Plays the person in the browser during a sign-in.

use std::time::Duration;

use crate::error::Error;

/// Opens the authorize address, presses *Allow*, follows the redirect to the application's loopback
/// listener, and gives the body of its page.
pub async fn approve(authorize_url: &str) -> Result<String, Error> {
    decide(authorize_url, "allow").await
}

/// As [`approve`], but presses *Deny*.
pub async fn deny(authorize_url: &str) -> Result<String, Error> {
    decide(authorize_url, "deny").await
}

async fn decide(authorize_url: &str, decision: &str) -> Result<String, Error> {
    let browser = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .timeout(Duration::from_secs(30))
        .build()?;
    let answer = browser.get(authorize_url).send().await?;
    let (status, address) = (answer.status(), answer.url().clone());
    let page = answer.text().await?;
    if !status.is_success() {
        return Err(Error::DeadEnd {
            status: status.as_u16(),
            text: visible_text(&page),
        });
    }
    let action =
        between(&page, "<form method=\"post\" action=\"", "\"").ok_or(Error::NoApprovalForm)?;
    let ticket = between(&page, "name=\"ticket\" value=\"", "\"").ok_or(Error::NoApprovalForm)?;
    let target = address.join(action).map_err(|_| Error::NoApprovalForm)?;
    let answer = browser
        .post(target)
        .form(&[("ticket", ticket), ("decision", decision)])
        .send()
        .await?;
    let status = answer.status();
    let location = answer
        .headers()
        .get("location")
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let Some(location) = location.filter(|_| status.is_redirection()) else {
        return Err(Error::DeadEnd {
            status: status.as_u16(),
            text: visible_text(&answer.text().await?),
        });
    };
    let listener = browser.get(&location).send().await?;
    Ok(listener.text().await?)
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let rest = &text[text.find(start)? + start.len()..];
    rest.find(end).map(|at| &rest[..at])
}

/// A page's text without its markup.
fn visible_text(page: &str) -> String {
    let body = page.split("<body>").nth(1).unwrap_or(page);
    let mut text = String::new();
    let mut inside = false;
    for letter in body.chars() {
        match letter {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            other if !inside => text.push(other),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
