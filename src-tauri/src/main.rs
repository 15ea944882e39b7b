//! The desktop application's entry point.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

// As in the terminal: what runs here makes and drops many small values on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    drawbridge_shell::run();
}
