//! Measures pages of a stored plan: `pages DATABASE PLAN` prints the slowest of many, from the
//! beginning, the middle and the end, in every order.
#![expect(clippy::print_stdout, reason = "a measurement is printed")]

use std::error::Error;
use std::time::{Duration, Instant};

use drawbridge_model::PlanId;
use drawbridge_store::{PlanRowQuery, PlanRowSort, Store};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(path), Some(plan)) = (arguments.next(), arguments.next()) else {
        return Err("pages DATABASE PLAN".into());
    };
    let store = Store::open(path.as_ref(), None)?;
    let plan = PlanId(plan.parse()?);
    let (mut slowest, mut pages, mut total) = (Duration::ZERO, 0_u32, 1);
    for sort in [
        PlanRowSort::Name,
        PlanRowSort::LargestChange,
        PlanRowSort::Customer,
    ] {
        for part in 0..20 {
            let query = PlanRowQuery {
                sort,
                offset: total / 20 * part,
                limit: 100,
                ..PlanRowQuery::default()
            };
            let started = Instant::now();
            let page = store.plan_rows(plan, &query)?;
            slowest = slowest.max(started.elapsed());
            pages += 1;
            total = page.total;
        }
    }
    println!(
        "slowest of {pages} pages of {total} rows: {:.1} ms, budget 20 ms",
        slowest.as_secs_f64() * 1000.0
    );
    Ok(())
}
