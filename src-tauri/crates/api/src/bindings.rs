//! The TypeScript the screens are written against, generated from the views and the command list.

use std::any::TypeId;
use std::collections::{BTreeMap, HashSet};

use ts_rs::{Config, TS, TypeVisitor};

use crate::commands;
use crate::view::ProgressView;

#[derive(Default)]
struct Declarations {
    seen: HashSet<TypeId>,
    by_name: BTreeMap<String, String>,
    config: Config,
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            let declaration = format!("{docs}export {}", T::decl(&self.config));
            self.by_name.insert(T::ident(&self.config), declaration);
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

/// The whole file `ui/src/backend/bindings.ts`.
pub fn typescript() -> String {
    let mut declarations = Declarations::default();
    commands::visit_types(&mut declarations);
    declarations.visit::<commands::CommandError>();
    declarations.visit::<ProgressView>();
    let mut text = String::from(
        "// Made from the Rust views by the test `bindings_are_fresh`; do not edit.\n\n",
    );
    for declaration in declarations.by_name.values() {
        text.push_str(declaration);
        text.push_str("\n\n");
    }
    text.push_str("/** What each command takes and gives. */\n");
    text.push_str(&commands::typescript());
    text
}
