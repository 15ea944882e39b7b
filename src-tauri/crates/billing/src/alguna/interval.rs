//! How often a subscription is billed, from its priced lines or, where it has none, its contract.

use drawbridge_model::Interval;

use super::wire::{Contract, Line, Price, Renewal};

/// The billing interval of a subscription.
///
/// Of the recurring lines, bundles opened: if all agree, that; if not, the longest among the
/// fixed fees, else the longest at all. Without a recurring line: a monthly rolling contract is
/// monthly, another goes by the months of its renewal, else of the contract itself. An interval
/// there is no word for (every two weeks) is not known.
pub(super) fn of(lines: &[Line], contract: &Contract, renewal: &Renewal) -> Option<Interval> {
    let mut prices = Vec::new();
    collect_recurring(lines, &mut prices);
    if prices.is_empty() {
        return of_contract(contract, renewal);
    }
    let known = |prices: &[&Price]| prices.iter().filter_map(|price| of_price(price)).max();
    let first = of_price(prices[0]);
    if prices.iter().all(|price| of_price(price) == first) {
        return first;
    }
    let fixed: Vec<&Price> = prices
        .iter()
        .copied()
        .filter(|price| is(price.fee_type.as_ref(), "fixed"))
        .collect();
    known(&fixed).or_else(|| known(&prices))
}

/// Every price on these lines, bundles opened.
pub(super) fn prices<'a>(lines: &'a [Line]) -> Box<dyn Iterator<Item = &'a Price> + 'a> {
    Box::new(
        lines
            .iter()
            .flat_map(|line| line.price.iter().chain(prices(&line.items))),
    )
}

fn collect_recurring<'a>(lines: &'a [Line], into: &mut Vec<&'a Price>) {
    into.extend(prices(lines).filter(|price| is_recurring(price)));
}

/// Metered prices often do not say how frequent they are, only their interval.
fn is_recurring(price: &Price) -> bool {
    match price.billing_frequency.as_deref() {
        Some(word) => word.trim().eq_ignore_ascii_case("recurring"),
        None => price.billing_interval.is_some() || price.billing_interval_unit.is_some(),
    }
}

fn of_price(price: &Price) -> Option<Interval> {
    let word = price
        .billing_interval
        .as_deref()
        .map(|word| word.trim().to_ascii_lowercase());
    let of_word = match word.as_deref() {
        Some("monthly") => Some(Interval::Monthly),
        Some("quarterly") => Some(Interval::Quarterly),
        Some("semi_annual") => Some(Interval::SemiAnnual),
        Some("yearly") => Some(Interval::Yearly),
        _ => None,
    };
    of_word.or_else(|| {
        let count = price.billing_interval_count.unwrap_or(1);
        let unit = price
            .billing_interval_unit
            .as_deref()?
            .trim()
            .to_ascii_lowercase();
        let months = match unit.as_str() {
            "month" => count,
            "year" => count.checked_mul(12)?,
            _ => return None,
        };
        Interval::of_months(months)
    })
}

fn of_contract(contract: &Contract, renewal: &Renewal) -> Option<Interval> {
    if is(contract.period_type.as_ref(), "monthly_rolling") {
        return Some(Interval::Monthly);
    }
    Interval::of_months(renewal.duration_months.or(contract.duration_months)?)
}

fn is(text: Option<&String>, word: &str) -> bool {
    text.is_some_and(|text| text.trim().eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use Interval::{Monthly, Quarterly, SemiAnnual, Yearly};

    use super::*;

    fn line(fee: &str, frequency: &str, interval: &str) -> Line {
        let word = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Line {
            price: Some(Price {
                fee_type: word(fee),
                billing_frequency: word(frequency),
                billing_interval: word(interval),
                ..Price::default()
            }),
            items: Vec::new(),
        }
    }

    fn counted(count: Option<u32>, unit: &str) -> Line {
        Line {
            price: Some(Price {
                billing_frequency: Some("recurring".to_owned()),
                billing_interval_count: count,
                billing_interval_unit: Some(unit.to_owned()),
                ..Price::default()
            }),
            items: Vec::new(),
        }
    }

    fn bundle(items: Vec<Line>) -> Line {
        Line { price: None, items }
    }

    fn contract(kind: &str, months: Option<u32>) -> Contract {
        Contract {
            period_type: Some(kind.to_owned()),
            duration_months: months,
            ..Contract::default()
        }
    }

    fn renewal(months: Option<u32>) -> Renewal {
        Renewal {
            auto_renew: Some(true),
            duration_months: months,
        }
    }

    #[test]
    fn lines_decide_where_there_are_any() {
        let month = || line("fixed", "recurring", "monthly");
        let year = || line("fixed", "recurring", "yearly");
        for (name, lines, want) in [
            ("one", vec![month()], Some(Monthly)),
            (
                "quarterly",
                vec![line("fixed", "recurring", "quarterly")],
                Some(Quarterly),
            ),
            (
                "semi-annual",
                vec![line("fixed", "recurring", "semi_annual")],
                Some(SemiAnnual),
            ),
            ("all alike", vec![year(), year()], Some(Yearly)),
            (
                "a set-up fee does not count",
                vec![month(), line("fixed", "one-off", "yearly")],
                Some(Monthly),
            ),
            ("mixed: the longest", vec![month(), year()], Some(Yearly)),
            (
                "mixed: fixed before metered",
                vec![month(), line("metered", "recurring", "yearly")],
                Some(Monthly),
            ),
            (
                "metered without a frequency",
                vec![line("metered", "", "quarterly")],
                Some(Quarterly),
            ),
            (
                "mixed and all metered",
                vec![
                    line("metered", "", "monthly"),
                    line("metered", "", "quarterly"),
                ],
                Some(Quarterly),
            ),
            (
                "inside a bundle",
                vec![bundle(vec![bundle(vec![year()])])],
                Some(Yearly),
            ),
            (
                "beside a bundle",
                vec![month(), bundle(vec![year()])],
                Some(Yearly),
            ),
            ("1 month", vec![counted(Some(1), "month")], Some(Monthly)),
            ("3 months", vec![counted(Some(3), "month")], Some(Quarterly)),
            (
                "6 months",
                vec![counted(Some(6), "month")],
                Some(SemiAnnual),
            ),
            ("12 months", vec![counted(Some(12), "month")], Some(Yearly)),
            ("1 year", vec![counted(Some(1), "year")], Some(Yearly)),
            (
                "a year, not counted",
                vec![counted(None, "year")],
                Some(Yearly),
            ),
            (
                "2 months have no word",
                vec![counted(Some(2), "month")],
                None,
            ),
            ("weeks have no word", vec![counted(Some(2), "week")], None),
            (
                "an endless count",
                vec![counted(Some(u32::MAX), "year")],
                None,
            ),
            (
                "an unknown word",
                vec![line("fixed", "recurring", "fortnightly")],
                None,
            ),
            (
                "an unknown word beside a known one",
                vec![line("fixed", "recurring", "fortnightly"), month()],
                Some(Monthly),
            ),
        ] {
            assert_eq!(
                of(&lines, &contract("fixed", Some(12)), &renewal(Some(12))),
                want,
                "{name}"
            );
        }
    }

    #[test]
    fn the_contract_decides_where_no_line_recurs() {
        let one_off = vec![line("fixed", "one-off", "")];
        for (name, contract, renewal, want) in [
            (
                "rolling",
                contract("monthly_rolling", None),
                renewal(Some(12)),
                Some(Monthly),
            ),
            (
                "renewal first",
                contract("fixed", Some(12)),
                renewal(Some(3)),
                Some(Quarterly),
            ),
            (
                "then contract",
                contract("fixed", Some(6)),
                renewal(None),
                Some(SemiAnnual),
            ),
            ("neither", contract("fixed", None), renewal(None), None),
            ("no word", contract("fixed", Some(24)), renewal(None), None),
        ] {
            assert_eq!(of(&one_off, &contract, &renewal), want, "{name}");
            assert_eq!(of(&[], &contract, &renewal), want, "{name}, no line");
        }
    }
}
