//! Cross-crate tests: the whole product against simulated servers in the same process.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod architecture;
mod changed_meanwhile;
mod command_list;
mod equation;
mod labels;
mod lost_answers;
mod mapping_file;
mod offline;
mod preview;
mod secrets;
mod undo;
