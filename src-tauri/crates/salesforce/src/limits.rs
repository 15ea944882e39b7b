//! What the org says about its API calls.

use drawbridge_model::ApiUsage;

/// The most bytes of path and query one request has. Salesforce answers 414 above 16,384 bytes of
/// address and 431 above 16,384 bytes of address and headers together, and the access token is a
/// header.
pub const MAX_URL: usize = 14_000;

/// Reads `Sforce-Limit-Info`, such as `api-usage=18/5000` or
/// `api-usage=25/5000; per-app-api-usage=17/250(appName=x)`.
pub fn usage(header: &str) -> Option<ApiUsage> {
    let numbers = header
        .split(';')
        .find_map(|part| part.trim().strip_prefix("api-usage="))?;
    let (used, limit) = numbers.split_once('/')?;
    let digits: String = limit.chars().take_while(char::is_ascii_digit).collect();
    Some(ApiUsage {
        used: used.trim().parse().ok()?,
        limit: digits.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_in_its_forms() {
        for (header, expected) in [
            ("api-usage=18/5000", Some((18, 5000))),
            (
                "api-usage=25/5000; per-app-api-usage=17/250(appName=sample)",
                Some((25, 5000)),
            ),
            (
                "per-app-api-usage=17/250(appName=sample); api-usage=25/5000",
                Some((25, 5000)),
            ),
            ("per-app-api-usage=17/250", None),
            ("", None),
            ("api-usage=x/5", None),
        ] {
            let found = usage(header).map(|usage| (usage.used, usage.limit));
            assert_eq!(found, expected, "{header}");
        }
    }
}
