//! Cross-crate tests: the whole product against simulated servers in the same process.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod architecture;
mod bulk;
mod changed_meanwhile;
mod command_list;
mod console;
mod currencies;
mod duplicates;
mod equation;
mod fault_matrix;
mod forecast;
mod gone;
mod imports;
mod labels;
mod lost_answers;
mod mapping_editor;
mod mapping_file;
mod offline;
mod org_side;
mod parents;
mod preview;
mod promotion;
mod read_back;
mod reading;
mod refreshed;
mod rollup;
mod second_writer;
mod secrets;
mod speaker;
mod steering;
mod undo;
mod undo_deletes;
mod unknown;
mod whole_call;
mod writeback;
