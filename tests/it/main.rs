//! Cross-crate tests: the whole product against simulated servers in the same process.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod alguna_operations;
mod architecture;
mod bulk;
mod changed_meanwhile;
mod command_list;
mod console;
mod equation;
mod fault_matrix;
mod gone;
mod history;
mod imports;
mod labels;
mod lost_answers;
mod mapping_editor;
mod mapping_file;
mod offline;
mod org_side;
mod pace;
mod preview;
mod promotion;
mod reading;
mod refreshed;
mod rollup;
mod secrets;
mod speaker;
mod steering;
mod undo;
mod undo_deletes;
mod writeback;
