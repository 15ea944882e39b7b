//! Makes up a company's book: the same seed gives the same data.

use std::borrow::Cow;
use std::collections::HashMap;

use fastrand::Rng;
use jiff::ToSpan;
use jiff::civil::Date;
use rustc_hash::{FxBuildHasher, FxHashSet};

use super::names::Country;
use super::people::{Place, address, company, country, one_of, phone, slug};
use super::words::{Words, words};
use super::{
    Address, Book, Contact, Customer, Record, Records, SALESFORCE_INTEGRATION, STRIPE_INTEGRATION,
    Tax, Text, known, today,
};
use crate::salesforce::{base62, to18};

const INDUSTRIES: Words = words!(
    "Technology|Manufacturing|Retail|Healthcare|Education|Finance|Transportation|Media|Construction|Consulting|Hospitality|Energy|Food & Beverage"
);
const TITLES: Words = words!(
    "CFO|Head of Finance|Accounts Payable|Operations Manager|Managing Director|Controller|Office Manager|VP Finance|Procurement Lead|Founder"
);

/// Makes up `count` billing customers and the org that goes with them. Salesforce records are handed
/// to `take` as they come, so that an org can be filled meanwhile; the book keeps none.
pub(crate) fn make_up(count: usize, seed: u64, mut take: impl FnMut(Records)) -> Book {
    let mut maker = Maker {
        random: Rng::with_seed(seed),
        // With room for all from the start: growing copies, and touches memory again and again.
        book: Book {
            customers: Vec::with_capacity(count),
            subscriptions: Vec::with_capacity(count + count / 5),
            links: Vec::with_capacity(count),
            ..Book::default()
        },
        names: FxHashSet::with_capacity_and_hasher(count + count / 10, FxBuildHasher),
        ids: FxHashSet::with_capacity_and_hasher(count * 4, FxBuildHasher),
        accounts: 0,
        contacts: 0,
    };
    maker.shipped_records();
    for index in 0..count {
        maker.customer(index);
        if index % 1_000 == 999 {
            take(std::mem::take(&mut maker.book.records));
        }
    }
    maker.accounts_without_customer(count / 12);
    take(std::mem::take(&mut maker.book.records));
    if count >= 20 {
        maker.awkward();
    }
    maker.book
}

pub(super) struct Maker {
    pub(super) random: Rng,
    pub(super) book: Book,
    names: FxHashSet<String>,
    ids: FxHashSet<[u8; 8]>,
    accounts: u64,
    contacts: u64,
}

/// Writes `value` with zeros before it, up to `width` digits.
fn digits(text: &mut String, value: u32, width: u32) {
    for place in (0..width).rev() {
        let digit = value / 10_u32.pow(place) % 10;
        text.push(char::from_digit(digit, 10).unwrap_or('0'));
    }
}

fn set(record: &mut Record, name: &'static str, value: impl Into<Text>) {
    let value = value.into();
    if !value.is_empty() {
        record.values.push((name.into(), value));
    }
}

impl Maker {
    fn account_id(&mut self) -> String {
        self.accounts += 1;
        let short = ["0015e0", &base62(14_776_336 * 13 + self.accounts * 7, 9)].concat();
        to18(&short).unwrap_or(short)
    }

    fn contact_id(&mut self) -> String {
        self.contacts += 1;
        let short = ["0035e0", &base62(14_776_336 * 17 + self.contacts * 5, 9)].concat();
        to18(&short).unwrap_or(short)
    }

    /// A new 8-character base-62 id, as Alguna's are.
    pub(super) fn billing_id(&mut self) -> String {
        loop {
            let id: String = (0..8).map(|_| self.random.alphanumeric()).collect();
            let key = id.as_bytes().first_chunk::<8>();
            if key.is_some_and(|key| self.ids.insert(*key)) {
                return id;
            }
        }
    }

    pub(super) fn chance(&mut self, percent: u32) -> bool {
        self.random.u32(0..100) < percent
    }

    /// A moment of office hours on a day; now and then with microseconds, as real answers have.
    pub(super) fn moment(&mut self, day: Date) -> String {
        let (hour, minute, second) = (
            self.random.u32(7..19),
            self.random.u32(0..60),
            self.random.u32(0..60),
        );
        let fraction = self.chance(25).then(|| self.random.u32(1..1_000_000));
        // Digit by digit: half a million of these are made before the servers listen.
        let mut text = String::with_capacity(27);
        digits(&mut text, day.year().unsigned_abs().into(), 4);
        for (mark, value) in [
            ('-', day.month().unsigned_abs().into()),
            ('-', day.day().unsigned_abs().into()),
            ('T', hour),
            (':', minute),
            (':', second),
        ] {
            text.push(mark);
            digits(&mut text, value, 2);
        }
        if let Some(fraction) = fraction {
            text.push('.');
            digits(&mut text, fraction, 6);
        }
        text.push('Z');
        text
    }

    fn shipped_records(&mut self) {
        let mut ids = HashMap::new();
        for mut account in known::accounts() {
            let id = self.account_id();
            ids.insert(account.values[0].1.to_string(), id.clone());
            set(&mut account, "Id", id);
            self.book.records.accounts.push(account);
        }
        for mut contact in known::contacts() {
            if let Some((_, account)) = contact.values.pop() {
                set(
                    &mut contact,
                    "AccountId",
                    ids.get(account.as_ref()).cloned().unwrap_or_default(),
                );
            }
            let id = self.contact_id();
            set(&mut contact, "Id", id);
            self.book.records.contacts.push(contact);
        }
    }

    fn new_name(&mut self, country: &Country) -> (String, String) {
        let (mut stem, suffix) = company(&mut self.random, country);
        // Once thousands are taken, a plain name is hardly ever free.
        let mut round = if self.names.len() > 5_000 { 4 } else { 1 };
        while !self.names.insert(stem.to_lowercase()) {
            round += 1;
            let (again, _) = company(&mut self.random, country);
            stem = if round > 4 {
                let (_, city, _, _) = address(&mut self.random, country);
                format!("{again} {city} {}", round - 3)
            } else {
                again
            };
        }
        (stem, suffix)
    }

    fn customer(&mut self, index: usize) {
        let country = country(&mut self.random);
        let (stem, suffix) = self.new_name(country);
        let name = [&stem, " ", &suffix].concat();
        let host = match slug(&stem) {
            slug if slug.len() < 3 => format!("kunde-{index}.example"),
            slug => slug + ".example",
        };
        let id = self.billing_id();
        let age = i64::from(self.random.u32(4..2100));
        let joined = today().saturating_sub(age.days());
        let (street, city, state, code) = address(&mut self.random, country);
        let contacts = self.billing_contacts(country, &host, index);
        let mut customer = Customer {
            id: id.clone(),
            name: name.clone(),
            currency: country.currency.into(),
            created_at: self.moment(joined),
            updated_at: String::new(),
            aliases: Vec::new(),
            address: (!self.chance(4)).then(|| Address {
                line1: street.clone(),
                line2: None,
                city: city.to_owned(),
                state: state.to_owned(),
                postal_code: code.clone(),
                country: country.alpha3.into(),
            }),
            contacts,
            tax: self.tax(country),
        };
        let touched =
            today().saturating_sub(i64::from(self.random.u32(0..180)).min(age - 1).days());
        customer.updated_at = self.moment(touched.max(joined));
        if self.chance(9) {
            let suite = self.random.u32(1..20);
            if let Some(address) = &mut customer.address {
                address.line2 = Some(format!("Floor {suite}"));
            }
        }
        if self.chance(30) {
            customer.aliases.push(format!("crm-{}", 10_000 + index));
        }
        if self.chance(55) {
            let tail: String = (0..14).map(|_| self.random.alphanumeric()).collect();
            self.book.links.push((
                id.clone(),
                STRIPE_INTEGRATION.to_owned(),
                format!("cus_{tail}"),
            ));
        }
        // Seven of ten customers have an Account; how it can be found differs.
        if self.chance(70) {
            let account = self.account_id();
            let kind = self.random.u32(0..100);
            let account_name = if kind < 88 {
                name.clone()
            } else {
                self.similar(&stem, &suffix)
            };
            let place = (street, city, state, code);
            self.account(&account, &account_name, country, &host, Some(place));
            if kind < 70 {
                match kind % 2 {
                    0 => customer.aliases.push(account.clone()),
                    _ => self.book.links.push((
                        id.clone(),
                        SALESFORCE_INTEGRATION.to_owned(),
                        account.clone(),
                    )),
                }
            }
            self.salesforce_contacts(&account, country, &host, &customer, kind);
        }
        self.subscriptions(&customer, joined);
        self.book.customers.push(customer);
    }

    fn billing_contacts(&mut self, country: &Country, host: &str, index: usize) -> Vec<Contact> {
        let count = match self.random.u32(0..100) {
            0..=1 => 0,
            2..=71 => 1,
            72..=92 => 2,
            _ => 3,
        };
        let free_mail = self.chance(2);
        (0..count)
            .map(|place| {
                let first = one_of(&mut self.random, country.firsts).to_owned();
                let last = one_of(&mut self.random, country.families).to_owned();
                let email = if free_mail {
                    format!("{}.{}{index}@gmail.com", slug(&first), slug(&last))
                } else if place == 1 && self.chance(50) {
                    ["billing@", host].concat()
                } else {
                    let (first, last) = (slug(&first), slug(&last));
                    let local = if first.is_empty() || last.is_empty() {
                        format!("office{place}")
                    } else {
                        [&first, ".", &last].concat()
                    };
                    [&local, "@", host].concat()
                };
                let named = !self.chance(8);
                Contact {
                    id: self.billing_id(),
                    email,
                    first_name: named.then_some(first),
                    last_name: named.then_some(last),
                    is_primary: place == 0,
                }
            })
            .collect()
    }

    fn tax(&mut self, country: &Country) -> Option<Tax> {
        if self.chance(6) {
            return None;
        }
        let reverse = country.tax_type == "vat" && self.chance(12);
        let text = |text: &'static str| (!text.is_empty()).then_some(Cow::Borrowed(text));
        Some(Tax {
            tax_rate: if reverse {
                Some("0".into())
            } else {
                text(country.tax)
            },
            tax_status: Some("taxable".into()),
            tax_type: text(country.tax_type),
            tax_reason: Some(
                if reverse {
                    "reverse_charge"
                } else if country.tax.is_empty() {
                    "not_collecting"
                } else {
                    "standard_rated"
                }
                .into(),
            ),
            tax_country: Some(country.alpha3.into()),
            tax_id: (country.tax_type == "vat").then(|| {
                format!(
                    "{}{}",
                    &country.alpha3[..2],
                    self.random.u32(100_000_000..999_999_999)
                )
            }),
        })
    }

    /// A name a person would take for the same company, and a computer would not.
    fn similar(&mut self, stem: &str, suffix: &str) -> String {
        match self.random.u32(0..4) {
            0 => stem.to_owned(),
            1 => format!("{} {suffix}", stem.to_uppercase()),
            2 => format!("The {stem} Company"),
            _ => format!("{}, {suffix}", stem.replace(" & ", " and ")),
        }
    }

    fn account(
        &mut self,
        id: &str,
        name: &str,
        country: &Country,
        host: &str,
        place: Option<Place>,
    ) {
        let (street, city, state, code) =
            place.unwrap_or_else(|| address(&mut self.random, country));
        let mut account = Record::of(13);
        set(&mut account, "Id", id.to_owned());
        set(
            &mut account,
            "Name",
            match name.char_indices().nth(255) {
                Some((end, _)) => name[..end].to_owned(),
                None => name.to_owned(),
            },
        );
        set(&mut account, "BillingStreet", street);
        set(&mut account, "BillingCity", city);
        set(&mut account, "BillingState", state);
        set(&mut account, "BillingPostalCode", code);
        set(&mut account, "BillingCountry", country.name);
        if self.chance(85) {
            set(&mut account, "Website", ["https://www.", host].concat());
        }
        if self.chance(75) {
            let phone = phone(&mut self.random, country);
            set(&mut account, "Phone", phone);
        }
        let industry = one_of(&mut self.random, INDUSTRIES);
        set(&mut account, "Industry", industry);
        set(
            &mut account,
            "Type",
            if self.chance(80) {
                "Customer - Direct"
            } else {
                "Prospect"
            },
        );
        if self.chance(40) {
            set(
                &mut account,
                "NumberOfEmployees",
                self.random.u32(3..4000).to_string(),
            );
            set(
                &mut account,
                "AnnualRevenue",
                (self.random.u64(2..900) * 100_000).to_string(),
            );
        }
        self.book.records.accounts.push(account);
    }

    /// `kind` decides whether a billing contact's e-mail is among the Account's Contacts.
    fn salesforce_contacts(
        &mut self,
        account: &str,
        country: &Country,
        host: &str,
        customer: &Customer,
        kind: u32,
    ) {
        let same_email = kind < 88 && (kind >= 70 || self.chance(80));
        if same_email {
            for contact in customer.contacts.iter().take(1) {
                let mut record = Record::of(6);
                set(
                    &mut record,
                    "FirstName",
                    contact.first_name.clone().unwrap_or_default(),
                );
                let last = contact
                    .last_name
                    .clone()
                    .map_or(Cow::Borrowed("Accounts Payable"), Cow::Owned);
                set(&mut record, "LastName", last);
                set(&mut record, "Email", contact.email.clone());
                let title = one_of(&mut self.random, TITLES);
                set(&mut record, "Title", title);
                self.push_contact(record, account);
            }
        }
        if self.chance(45) {
            let mut record = Record::of(6);
            let first = one_of(&mut self.random, country.firsts);
            let last = one_of(&mut self.random, country.families);
            let local = format!(
                "{}{}",
                slug(first).chars().take(1).collect::<String>(),
                slug(last)
            );
            set(&mut record, "FirstName", first);
            set(&mut record, "LastName", last);
            if !local.is_empty() {
                set(&mut record, "Email", [&local, ".sales@", host].concat());
            }
            let phone = phone(&mut self.random, country);
            set(&mut record, "Phone", phone);
            self.push_contact(record, account);
        }
    }

    fn push_contact(&mut self, mut record: Record, account: &str) {
        let id = self.contact_id();
        set(&mut record, "AccountId", account.to_owned());
        set(&mut record, "Id", id);
        self.book.records.contacts.push(record);
    }

    fn accounts_without_customer(&mut self, count: usize) {
        for _ in 0..count {
            let country = country(&mut self.random);
            let (stem, suffix) = self.new_name(country);
            let id = self.account_id();
            let host = format!("{}.example", slug(&stem));
            self.account(&id, &format!("{stem} {suffix}"), country, &host, None);
        }
    }
}
