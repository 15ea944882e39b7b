//! Names in the form in which they are compared.

use drawbridge_model::MatchKey;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Words at the end of a company's name that only say what kind of company it is.
const LEGAL_FORMS: &[&str] = &[
    "inc",
    "incorporated",
    "llc",
    "llp",
    "lp",
    "ltd",
    "limited",
    "plc",
    "corp",
    "corporation",
    "co",
    "company",
    "gmbh",
    "mbh",
    "ag",
    "kg",
    "kgaa",
    "ug",
    "ohg",
    "gbr",
    "ev",
    "eg",
    "se",
    "sa",
    "sas",
    "sasu",
    "sarl",
    "eurl",
    "srl",
    "srls",
    "spa",
    "snc",
    "sl",
    "slu",
    "bv",
    "nv",
    "vof",
    "oy",
    "oyj",
    "ab",
    "as",
    "asa",
    "aps",
    "ou",
    "sia",
    "uab",
    "sp",
    "z",
    "oo",
    "spzoo",
    "sro",
    "spol",
    "kft",
    "zrt",
    "nyrt",
    "doo",
    "dd",
    "ood",
    "eood",
    "kk",
    "pty",
    "pte",
    "pvt",
    "private",
    "bhd",
    "sdn",
    "ltda",
    "cv",
    "de",
    "rl",
    "שמ",
    "בעמ",
    "株式会社",
    "有限公司",
];

/// Words between others that one side writes and the other does not.
const LINKING_WORDS: &[&str] = &["and", "und", "et"];

/// A name without case, accents, punctuation, linking words, a leading article and the legal form:
/// `The Müller & Söhne GmbH & Co. KG` and `muller sohne` are one. A name of nothing but such words
/// keeps them. `None` where fewer than two letters or digits are left.
pub fn name_key(name: &str) -> Option<MatchKey> {
    let plain = plain(name);
    let words: Vec<&str> = plain
        .split_whitespace()
        .filter(|word| !LINKING_WORDS.contains(word))
        .collect();
    let start = usize::from(words.len() > 1 && words[0] == "the");
    let mut end = words.len();
    while end > start && LEGAL_FORMS.contains(&words[end - 1]) {
        end -= 1;
    }
    let kept = if end > start {
        &words[start..end]
    } else {
        &words[..]
    };
    let key = kept.join(" ");
    (key.chars()
        .filter(|letter| letter.is_alphanumeric())
        .count()
        >= 2)
        .then_some(MatchKey::Name(key))
}

/// What a person typed of a name, as names are compared: a part of [`name_key`] where it is a part
/// of the name. The last word may be half a word.
pub fn name_part(typed: &str) -> String {
    let plain = plain(typed);
    let words: Vec<&str> = plain.split_whitespace().collect();
    let last = words.len().saturating_sub(1);
    let kept = words.iter().enumerate().filter(|(place, word)| {
        let linking = LINKING_WORDS.contains(word) || (*place == 0 && **word == "the");
        let legal_form = *place > 0 && LEGAL_FORMS.contains(word);
        !(linking && *place < last || legal_form)
    });
    kept.map(|(_, word)| *word).collect::<Vec<_>>().join(" ")
}

/// Lower case without accents; dots and apostrophes vanish, other punctuation becomes a blank.
fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for letter in name.nfkd().flat_map(char::to_lowercase) {
        match letter {
            'ß' => plain.push_str("ss"),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            'ø' => plain.push('o'),
            'ł' => plain.push('l'),
            'đ' | 'ð' => plain.push('d'),
            'þ' => plain.push_str("th"),
            'ı' => plain.push('i'),
            '.' | '\'' | '’' | '‘' | '´' | '`' | '"' | '״' => {}
            mark if is_combining_mark(mark) => {}
            letter if letter.is_alphanumeric() => plain.push(letter),
            _ => plain.push(' '),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use proptest::prelude::*;

    use super::*;

    fn key(name: &str) -> String {
        match name_key(name) {
            Some(MatchKey::Name(key)) => key,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn what_a_person_takes_for_one_company_is_one() {
        for (one, other) in [
            ("Müller & Söhne GmbH & Co. KG", "MULLER SOHNE"),
            ("Müller und Söhne", "Muller & Sohne AG"),
            (
                "The Northfield Analytics Company",
                "Northfield Analytics, Inc.",
            ),
            ("O'Brien Ltd", "OBrien Limited"),
            ("Lefèvre Frères S.A.R.L.", "Lefevre Freres"),
            ("Größmann Verlag", "grossmann verlag ug"),
            ("Łódź Meble Sp. z o.o.", "Lodz Meble"),
            ("Cohen Cyber בע\"מ", "Cohen Cyber Ltd."),
            ("Ｆｕｌｌｗｉｄｔｈ Labs", "Fullwidth Labs"),
        ] {
            assert_eq!(key(one), key(other), "{one} / {other}");
        }
    }

    #[test]
    fn different_companies_stay_different() {
        assert_ne!(key("Northfield Analytics"), key("Northfield Foods"));
        assert_ne!(
            key("United Oil & Gas, UK"),
            key("United Oil & Gas, Singapore")
        );
        assert_ne!(key("The"), key("Co"));
    }

    #[test]
    fn a_name_of_legal_forms_alone_keeps_them() {
        assert_eq!(key("The Limited"), "the limited");
        assert_eq!(key("SE"), "se");
        assert_eq!(name_key("?!"), None);
        assert_eq!(name_key("A"), None);
    }

    #[test]
    fn a_part_of_a_name_is_a_part_of_its_key() {
        for (name, typed) in [
            ("Böhm & Söhne GmbH", "Böhm"),
            ("Böhm & Söhne GmbH", "böhm & sö"),
            ("Böhm & Söhne GmbH", "Bohm & Sohne GmbH"),
            ("The Müller Co.", "the mü"),
            ("Anderson Ltd", "and"),
            ("O'Neill Dairy", "o’neill d"),
        ] {
            let Some(MatchKey::Name(key)) = name_key(name) else {
                panic!("{name} has no key");
            };
            let part = name_part(typed);
            assert!(!part.is_empty() && key.contains(&part), "{key} {part}");
        }
        assert_eq!(name_part(" ' "), "");
    }

    proptest! {
        #[test]
        fn a_key_is_its_own_key(name in "\\PC{0,60}") {
            if let Some(MatchKey::Name(key)) = name_key(&name) {
                // A key of nothing but legal forms is kept whole, and again.
                prop_assert_eq!(name_key(&key), Some(MatchKey::Name(key.clone())), "{}", key);
            }
        }
    }
}
