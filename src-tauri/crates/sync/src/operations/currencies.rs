//! The currencies ProfitWell takes (facts/profitwell.md §2.10).

/// ISO 4217 in lower case, in order.
#[rustfmt::skip]
pub const CURRENCIES: [&str; 160] = [
    "aed", "afn", "all", "amd", "ang", "aoa", "ars", "aud", "awg", "azn", "bam", "bbd", "bdt", "bgn", "bhd", "bif",
    "bmd", "bnd", "bob", "brl", "bsd", "btc", "btn", "bwp", "bzd", "cad", "cdf", "chf", "clf", "clp", "cny", "cop",
    "crc", "cup", "cve", "czk", "djf", "dkk", "dop", "dzd", "egp", "ern", "etb", "eur", "fjd", "fkp", "gbp", "gel",
    "ghs", "gip", "gmd", "gnf", "gtq", "gyd", "hkd", "hnl", "hrk", "htg", "huf", "idr", "ils", "inr", "iqd", "irr",
    "isk", "jep", "jmd", "jod", "jpy", "kes", "kgs", "khr", "kmf", "kpw", "krw", "kwd", "kyd", "kzt", "lak", "lbp",
    "lkr", "lrd", "lsl", "lyd", "mad", "mdl", "mga", "mkd", "mmk", "mnt", "mop", "mro", "mur", "mvr", "mwk", "mxn",
    "myr", "mzn", "nad", "ngn", "nio", "nok", "npr", "nzd", "omr", "pab", "pen", "pgk", "php", "pkr", "pln", "pyg",
    "qar", "ron", "rsd", "rub", "rwf", "sar", "sbd", "scr", "sdg", "sek", "sgd", "shp", "sll", "sos", "srd", "std",
    "svc", "syp", "szl", "thb", "tjs", "tmt", "tnd", "top", "try", "ttd", "twd", "tzs", "uah", "ugx", "usd", "uyu",
    "uzs", "vef", "vnd", "vuv", "wst", "xaf", "xag", "xau", "xcd", "xdr", "xof", "xpf", "yer", "zar", "zmw", "zwl",
];

/// Currencies without hundredths. Whether ProfitWell counts them in hundredths all the same is not
/// documented (facts/profitwell.md §2.10).
const WITHOUT_CENTS: [&str; 16] = [
    "bif", "clp", "djf", "gnf", "isk", "jpy", "kmf", "krw", "pyg", "rwf", "ugx", "vnd", "vuv",
    "xaf", "xof", "xpf",
];

/// The currency as ProfitWell writes it, where it takes it.
pub(super) fn accepted(code: &str) -> Option<&'static str> {
    CURRENCIES
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(code))
}

/// Whether people count it in whole units only.
pub(super) fn has_no_cents(code: &str) -> bool {
    WITHOUT_CENTS
        .iter()
        .any(|known| known.eq_ignore_ascii_case(code))
}
