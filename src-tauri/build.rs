//! Tauri reads its configuration from the root of the project; capabilities and permissions live
//! beside the shell's code.
fn main() {
    for folder in ["capabilities", "permissions"] {
        println!("cargo:rerun-if-changed=src-tauri/{folder}");
    }
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*")
        .app_manifest(
            tauri_build::AppManifest::new()
                .permissions_path_pattern("./src-tauri/permissions/**/*"),
        );
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo:error={error:#}");
        std::process::exit(1);
    }
}
