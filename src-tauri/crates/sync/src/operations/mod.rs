//! Operations in a billing system: what a person wants ([`Form`]) is checked and said in plain words
//! before anything is sent, and carried out once, whatever becomes of the answers ([`run`] for
//! ProfitWell, [`run_links`] for Alguna).

mod batch;
mod check;
mod check_links;
mod command;
mod currencies;
mod form;
mod links;
mod place;
mod read;
mod run;
mod sentence;
mod settle;

pub use batch::Ended;
pub use check::{Checked, FormProblem, check};
pub use check_links::{KnownLinks, check_links};
pub use command::{command_line, words};
pub use currencies::CURRENCIES;
pub use form::{Form, FormField, Slot, slots};
pub use links::{judged, outlook, run_links, way_out};
pub use place::{Place, overwrites, place};
pub use read::{day, moment};
pub use run::run;
pub use sentence::{amount, sentence};
pub use settle::{Refusal, Seen, Standing, before, refusal, standing};
