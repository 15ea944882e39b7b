//! Operations in a billing system: what a person wants ([`Form`]) is checked and said in plain words
//! before anything is sent, and carried out once, whatever becomes of the answers ([`run`]).

mod check;
mod command;
mod currencies;
mod form;
mod read;
mod run;
mod sentence;
mod settle;

pub use check::{Checked, FormProblem, check};
pub use command::{command_line, words};
pub use currencies::CURRENCIES;
pub use form::{Form, FormField, Slot, slots};
pub use read::{day, moment};
pub use run::{Ended, run};
pub use sentence::{amount, sentence};
pub use settle::{Refusal, Seen, Standing, before, refusal, standing};
