//! The rows that break naive programs, planted in the made-up data.

use super::Contact;
use super::pricing::{Interval, PriceLine};
use super::seed::Maker;

impl Maker {
    /// The rows every billing book has and no one plans for.
    pub(super) fn awkward(&mut self) {
        let long =
            "Consolidated Ventures of the Upper Valley and Associated Territories ".repeat(5);
        let renamed = [
            (3, long.chars().take(300).collect::<String>()),
            (5, "Sunny Side Up \u{1F373} Catering Ltd".to_owned()),
            (7, "שירותי ענן הגליל בע\"מ".to_owned()),
            (10, "O'Brien & Daughters \"Old Mill\" Ltd".to_owned()),
            (12, "=Equals+Consulting (Pty) Ltd".to_owned()),
            (16, "Tom & <b>Bold</b> Signs, Inc.".to_owned()),
        ];
        for (index, name) in renamed {
            self.book.customers[index].name = name;
        }
        // One e-mail, two customers.
        let shared = "accounts@shared-services.example".to_owned();
        for index in [13, 14] {
            let id = self.billing_id();
            self.book.customers[index].contacts = vec![Contact {
                id,
                email: shared.clone(),
                first_name: None,
                last_name: None,
                is_primary: true,
            }];
        }
        self.book.customers[15].contacts.clear();
        // Ids that differ only in case.
        for (index, id) in [(17, "aKq7Wmzt"), (18, "AkQ7wMZT")] {
            let before = std::mem::replace(&mut self.book.customers[index].id, id.to_owned());
            for subscription in self
                .book
                .subscriptions
                .iter_mut()
                .filter(|s| s.customer_id == before)
            {
                id.clone_into(&mut subscription.customer_id);
            }
            for link in self.book.links.iter_mut().filter(|link| link.0 == before) {
                id.clone_into(&mut link.0);
            }
        }
        let customer = |index: usize| self.book.customers[index].id.clone();
        let (huge, odd) = (customer(9), customer(11));
        let (huge_customer, odd_customer) = (
            self.book.customers[9].clone(),
            self.book.customers[11].clone(),
        );
        self.book
            .subscriptions
            .retain(|s| s.customer_id != huge && s.customer_id != odd);
        let joined = jiff::civil::date(2024, 2, 29);
        let mut subscription = self.subscription(&huge_customer, joined, "active");
        // Rupiah, so that the totals of the other currencies stay worth reading.
        subscription.currency = "IDR".into();
        subscription.discount_percent = None;
        subscription.interval = Interval::Yearly;
        if let Some(version) = subscription.versions.last_mut() {
            version.lines = vec![PriceLine {
                product_id: "prod_platform".into(),
                price_per_unit_cents: 100_000_000_000_000,
                units: 1,
                interval: Interval::Yearly,
                metered: false,
                one_off: false,
            }];
        }
        self.book.subscriptions.push(subscription);
        let subscription = self.subscription(&odd_customer, joined, "in_dunning");
        self.book.subscriptions.push(subscription);
    }
}
