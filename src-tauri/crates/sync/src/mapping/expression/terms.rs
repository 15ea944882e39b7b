//! What an expression may use, each with how it is written and one line on what it does: the same
//! table checks expressions and tells people.

/// A filter or a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// Its name.
    pub name: &'static str,
    /// How it is written, such as `| replace("from", "to")`.
    pub usage: &'static str,
    /// One line on what it does.
    pub explanation: &'static str,
}

const fn term(name: &'static str, usage: &'static str, explanation: &'static str) -> Term {
    Term {
        name,
        usage,
        explanation,
    }
}

/// Whether one of the terms has that name.
pub(super) fn has(terms: &[Term], name: &str) -> bool {
    terms.iter().any(|term| term.name == name)
}

/// Every filter, in alphabetical order.
pub const FILTERS: &[Term] = &[
    term(
        "capitalize",
        "| capitalize",
        "The first letter in upper case, the others in lower case.",
    ),
    term(
        "count",
        "| count",
        "How many are in a list; of a text, how many characters. The same as length.",
    ),
    term("d", "| d(\"none\")", "The same as default."),
    term(
        "date",
        "| date(\"%d.%m.%Y\")",
        "A date or time, written by a pattern of day, month and year; with zone=\"Europe/Berlin\" \
         as it is there.",
    ),
    term(
        "default",
        "| default(\"none\")",
        "What stands where the value is blank or not known.",
    ),
    term(
        "domain",
        "| domain",
        "The domain of an e-mail or web address.",
    ),
    term("first", "| first", "The first of a list."),
    term(
        "first_word",
        "| first_word",
        "The text up to its first space.",
    ),
    term(
        "join",
        "| join(\", \")",
        "A list as one text, with this between.",
    ),
    term("last", "| last", "The last of a list."),
    term(
        "length",
        "| length",
        "How many are in a list; of a text, how many characters.",
    ),
    term("lower", "| lower", "In lower case."),
    term(
        "map",
        "| map(attribute=\"email\")",
        "Of each in a list, what stands under one name.",
    ),
    term("minus", "| minus(\"0.5\")", "Less a figure, exactly."),
    term(
        "money",
        "| money(2)",
        "A figure with so many decimals, rounded half up; 2 where nothing is said.",
    ),
    term("plus", "| plus(1)", "With a figure added, exactly."),
    term(
        "reject",
        "| reject(\"blank\")",
        "A list without those a test holds for.",
    ),
    term(
        "rejectattr",
        "| rejectattr(\"is_primary\")",
        "A list without those where what stands under a name holds.",
    ),
    term(
        "replace",
        "| replace(\"from\", \"to\")",
        "One text put in the place of another, everywhere.",
    ),
    term("reverse", "| reverse", "From the end to the beginning."),
    term(
        "select",
        "| select(\"known\")",
        "Those of a list a test holds for.",
    ),
    term(
        "selectattr",
        "| selectattr(\"is_primary\")",
        "Those of a list where what stands under a name holds.",
    ),
    term("sort", "| sort", "A list in order."),
    term(
        "split",
        "| split(\",\")",
        "A text as a list, cut at each of these.",
    ),
    term("times", "| times(12)", "Multiplied by a figure, exactly."),
    term(
        "title",
        "| title",
        "Each word with its first letter in upper case.",
    ),
    term("trim", "| trim", "Without spaces at both ends."),
    term("unique", "| unique", "A list with each only once."),
    term("upper", "| upper", "In upper case."),
];

/// Every test, in alphabetical order.
pub const TESTS: &[Term] = &[
    term(
        "amount",
        "is amount(\"0.5\")",
        "Whether a figure is exactly this one.",
    ),
    term("blank", "is blank", "Whether nothing but spaces is there."),
    term(
        "containing",
        "is containing(\"Inc\")",
        "Whether this is part of the text.",
    ),
    term(
        "ending_with",
        "is ending_with(\"GmbH\")",
        "Whether the text ends with this.",
    ),
    term(
        "known",
        "is known",
        "Whether the source states a value at all.",
    ),
    term(
        "over",
        "is over(1000)",
        "Whether a figure is greater than this one.",
    ),
    term(
        "starting_with",
        "is starting_with(\"The\")",
        "Whether the text begins with this.",
    ),
    term(
        "under",
        "is under(1000)",
        "Whether a figure is less than this one.",
    ),
];
