//! Drawing names, addresses and slugs.

use fastrand::Rng;

use super::names::{COUNTRIES, Country, FIELDS, ROOTS};
use super::words::Words;

/// One of a list.
pub(crate) fn one_of(random: &mut Rng, list: Words) -> &'static str {
    list[random.usize(0..list.len())]
}

pub(crate) fn country(random: &mut Rng) -> &'static Country {
    let total: u32 = COUNTRIES.iter().map(|country| country.weight).sum();
    let mut ticket = random.u32(0..total);
    for country in COUNTRIES {
        if ticket < country.weight {
            return country;
        }
        ticket -= country.weight;
    }
    &COUNTRIES[0]
}

/// A company name: the part that tells it apart, and the legal form.
pub(crate) fn company(random: &mut Rng, country: &Country) -> (String, String) {
    let suffix = one_of(random, country.suffixes).to_owned();
    let stem = match random.u32(0..10) {
        0..=3 => {
            let family = one_of(random, country.families);
            [family, " ", one_of(random, country.trades)].concat()
        }
        4..=8 => [one_of(random, ROOTS), " ", one_of(random, FIELDS)].concat(),
        _ => {
            let (root, trade) = (one_of(random, ROOTS), one_of(random, country.trades));
            [root, " ", trade, " ", place(random, country).0].concat()
        }
    };
    (stem, suffix)
}

fn place(random: &mut Rng, country: &Country) -> (&'static str, &'static str, &'static str) {
    let mut parts = one_of(random, country.cities).split('/');
    let mut part = || parts.next().unwrap_or_default();
    (part(), part(), part())
}

/// Street, city, state, postal code.
pub(crate) type Place = (String, &'static str, &'static str, String);

pub(crate) fn address(random: &mut Rng, country: &Country) -> Place {
    let (city, state, code) = place(random, country);
    let street = one_of(random, country.streets).replace("{}", &random.u32(1..420).to_string());
    let code = code
        .chars()
        .map(|letter| match letter {
            '#' => random.digit(10),
            '@' => random.uppercase(),
            other => other,
        })
        .collect();
    (street, city, state, code)
}

pub(crate) fn phone(random: &mut Rng, country: &Country) -> String {
    country
        .phone
        .chars()
        .map(|c| if c == '%' { random.digit(10) } else { c })
        .collect()
}

/// Lower-case ASCII letters and digits, words joined by `-`: for host names and e-mail names.
pub(crate) fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len() + 8);
    for letter in text.chars().flat_map(char::to_lowercase) {
        let plain = match letter {
            'à' | 'á' | 'â' | 'ã' | 'å' | 'ą' => "a",
            'ä' | 'æ' => "ae",
            'ç' | 'ć' => "c",
            'è' | 'é' | 'ê' | 'ë' | 'ę' => "e",
            'ì' | 'í' | 'î' | 'ï' => "i",
            'ł' => "l",
            'ñ' | 'ń' => "n",
            'ò' | 'ó' | 'ô' | 'õ' | 'ø' => "o",
            'ö' => "oe",
            'ś' | 'š' => "s",
            'ß' => "ss",
            'ù' | 'ú' | 'û' => "u",
            'ü' => "ue",
            'ź' | 'ż' => "z",
            'ð' | 'đ' => "d",
            c if c.is_ascii_alphanumeric() => {
                slug.push(c);
                continue;
            }
            ' ' | '-' | '.' | '&' | '/' => {
                if !slug.is_empty() && !slug.ends_with('-') {
                    slug.push('-');
                }
                continue;
            }
            _ => continue,
        };
        slug.push_str(plain);
    }
    // All of it is ASCII.
    slug.truncate(slug.trim_end_matches('-').len().min(48));
    slug
}
