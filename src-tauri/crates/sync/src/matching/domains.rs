//! Internet domains as evidence.

use drawbridge_model::MatchKey;

/// Hosts where anybody can have an address, so that sharing one says nothing.
const FREE_MAIL: &[&str] = &[
    "163.com",
    "126.com",
    "aol.com",
    "bluewin.ch",
    "btinternet.com",
    "comcast.net",
    "cox.net",
    "duck.com",
    "fastmail.com",
    "fastmail.fm",
    "free.fr",
    "freenet.de",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hey.com",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.de",
    "hotmail.es",
    "hotmail.fr",
    "hotmail.it",
    "hushmail.com",
    "icloud.com",
    "inbox.com",
    "laposte.net",
    "libero.it",
    "live.co.uk",
    "live.com",
    "live.de",
    "live.fr",
    "live.nl",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "naver.com",
    "orange.fr",
    "outlook.com",
    "outlook.de",
    "outlook.es",
    "outlook.fr",
    "pm.me",
    "posteo.de",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "rediffmail.com",
    "rocketmail.com",
    "sbcglobal.net",
    "seznam.cz",
    "sfr.fr",
    "sky.com",
    "t-online.de",
    "telenet.be",
    "tutanota.com",
    "verizon.net",
    "virgilio.it",
    "wanadoo.fr",
    "web.de",
    "wp.pl",
    "yahoo.ca",
    "yahoo.co.in",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.com.br",
    "yahoo.de",
    "yahoo.es",
    "yahoo.fr",
    "yahoo.it",
    "yandex.com",
    "yandex.ru",
    "ymail.com",
    "ziggo.nl",
    "zoho.com",
];

/// The host of a website or an e-mail address, in lower case and without `www.`; `None` for
/// what has none, and for free-mail hosts.
pub fn domain_key(website_or_address: &str) -> Option<MatchKey> {
    host(website_or_address).map(MatchKey::Domain)
}

/// The keys under which records of a domain or of one above it are found:
/// `billing.acme.co.uk` also finds `acme.co.uk`.
pub fn domain_keys(address: &str) -> Vec<MatchKey> {
    let mut keys = Vec::new();
    let mut rest = host(address);
    while let Some(host) = rest {
        rest = host
            .split_once('.')
            .map(|(_, above)| above)
            .filter(|above| above.contains('.') && !FREE_MAIL.contains(above))
            .map(str::to_owned);
        keys.push(MatchKey::Domain(host));
    }
    keys
}

fn host(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let text = text
        .rsplit_once('@')
        .map_or(text.as_str(), |(_, host)| host);
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = text.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    // A sandbox masks addresses with this ending.
    let host = host
        .strip_suffix(".invalid")
        .unwrap_or(host)
        .trim_end_matches('.');
    let is_host = host.contains('.')
        && !host.starts_with('.')
        && host
            .chars()
            .all(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '-'));
    (is_host && !FREE_MAIL.contains(&host)).then(|| host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn websites_and_addresses_meet() {
        for text in [
            "https://www.acme.example/shop?x=1",
            "ACME.example",
            "http://acme.example:8080",
            "ana@acme.example",
            "ana@acme.example.invalid",
        ] {
            let acme = MatchKey::Domain("acme.example".to_owned());
            assert_eq!(domain_key(text), Some(acme), "{text}");
        }
    }

    #[test]
    fn free_mail_and_nonsense_say_nothing() {
        for text in [
            "ana@gmail.com",
            "gmail.com",
            "n/a",
            "",
            "@",
            "localhost",
            "a@b",
        ] {
            assert_eq!(domain_key(text), None, "{text}");
        }
    }

    #[test]
    fn a_department_s_host_finds_the_company() {
        assert_eq!(
            domain_keys("ap@billing.acme.co.uk"),
            ["billing.acme.co.uk", "acme.co.uk", "co.uk"]
                .map(|host| MatchKey::Domain(host.to_owned()))
        );
    }
}
