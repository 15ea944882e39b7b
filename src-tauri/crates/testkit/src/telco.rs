//! IBM's public sample of telephone customers as `ProfitWell` customers and Salesforce Contacts:
//! figures nobody here invented.

use std::path::Path;

use jiff::{Timestamp, ToSpan, civil::Date};
use rust_decimal::Decimal;

/// The sample, converted by the table in its own README.
pub struct Telco {
    /// One row a customer, in the file's order.
    pub rows: Vec<TelcoRow>,
}

/// One customer.
pub struct TelcoRow {
    /// `customerID`.
    pub id: String,
    /// Plans, joined by `;`.
    pub plans: String,
    /// Whether the customer churned.
    pub churned: bool,
    /// `MonthlyCharges`, 0 when churned.
    pub mrr: Decimal,
    /// `TotalCharges`; 11 rows have none.
    pub total_spend: Option<Decimal>,
    /// Months as a customer.
    pub tenure: i32,
}

impl TelcoRow {
    /// The e-mail address of the README's table.
    pub fn email(&self) -> String {
        format!("{}@telco.example", self.id.to_lowercase())
    }
}

impl Telco {
    /// Reads the sample in `folder`, if it is there.
    pub fn read(folder: &Path) -> Option<Self> {
        let file = folder.join("Telco-Customer-Churn.csv");
        let mut reader = csv::Reader::from_path(file).ok()?;
        let heading = reader.headers().unwrap().clone();
        let column = |name: &str| {
            let found = heading.iter().position(|column| column == name);
            found.unwrap_or_else(|| panic!("there is no column {name}"))
        };
        let (id, churn) = (column("customerID"), column("Churn"));
        let (monthly, all) = (column("MonthlyCharges"), column("TotalCharges"));
        let (contract, internet) = (column("Contract"), column("InternetService"));
        let tenure = column("tenure");
        let rows = reader
            .records()
            .map(|record| {
                let record = record.unwrap();
                let churned = &record[churn] == "Yes";
                let mrr: Decimal = record[monthly].parse().unwrap();
                let plans = match &record[internet] {
                    "No" => record[contract].to_owned(),
                    internet => format!("{};{internet}", &record[contract]),
                };
                TelcoRow {
                    id: record[id].to_owned(),
                    plans,
                    churned,
                    mrr: if churned { Decimal::ZERO } else { mrr },
                    total_spend: record[all].trim().parse().ok(),
                    tenure: record[tenure].parse().unwrap(),
                }
            })
            .collect();
        Some(Self { rows })
    }

    /// Writes the files the simulated servers load: every customer, and a Contact for each whose
    /// position, counted from 1, is even.
    pub fn write(&self, folder: &Path) {
        let mut customers =
            csv::Writer::from_path(folder.join("profitwell_customers.csv")).unwrap();
        customers
            .write_record([
                "customer_id",
                "email",
                "mrr_cents",
                "plans",
                "status",
                "created_on",
                "activated_on",
                "churned_on",
                "total_spend_cents",
            ])
            .unwrap();
        let mut contacts = csv::Writer::from_path(folder.join("salesforce_contacts.csv")).unwrap();
        contacts.write_record(["LastName", "Email"]).unwrap();
        for (index, row) in self.rows.iter().enumerate() {
            let since = since(row.tenure);
            customers
                .write_record([
                    row.id.clone(),
                    row.email(),
                    cents(row.mrr),
                    row.plans.clone(),
                    (if row.churned {
                        "churned_voluntary"
                    } else {
                        "active"
                    })
                    .to_owned(),
                    since.clone(),
                    if row.tenure == 0 {
                        String::new()
                    } else {
                        since
                    },
                    if row.churned {
                        END.to_owned()
                    } else {
                        String::new()
                    },
                    row.total_spend.map(cents).unwrap_or_default(),
                ])
                .unwrap();
            if index % 2 == 1 {
                contacts.write_record([&row.id, &row.email()]).unwrap();
            }
        }
        customers.flush().unwrap();
        contacts.flush().unwrap();
    }
}

const END: &str = "2026-11-01T00:00:00Z";

fn since(months: i32) -> String {
    let day: Date = "2026-11-01".parse().unwrap();
    let day = day.checked_sub(months.months()).unwrap();
    let at: Timestamp = format!("{day}T00:00:00Z").parse().unwrap();
    at.to_string()
}

fn cents(amount: Decimal) -> String {
    let cents = (amount * Decimal::ONE_HUNDRED).normalize();
    assert!(cents.is_integer(), "{amount} has a fraction of a cent");
    cents.to_string()
}
