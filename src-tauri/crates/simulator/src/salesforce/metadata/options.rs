//! What a client asks of a deploy, and what this kind of org refuses.

use serde_json::{Map, Value, json};

use crate::salesforce::errors::CallError;
use crate::salesforce::xml::Node;

/// The deploy options.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "the real options")]
pub(crate) struct Options {
    pub(crate) allow_missing_files: bool,
    pub(crate) auto_update_package: bool,
    pub(crate) check_only: bool,
    pub(crate) ignore_warnings: bool,
    pub(crate) purge_on_delete: bool,
    pub(crate) rollback_on_error: bool,
    pub(crate) run_tests: bool,
    /// As sent, for the answer's echo.
    pub(crate) echo: Value,
}

const FLAGS: [&str; 8] = [
    "allowMissingFiles",
    "autoUpdatePackage",
    "checkOnly",
    "ignoreWarnings",
    "performRetrieve",
    "purgeOnDelete",
    "rollbackOnError",
    "singlePackage",
];
const LEVELS: [&str; 5] = [
    "NoTestRun",
    "RunSpecifiedTests",
    "RunLocalTests",
    "RunAllTestsInOrg",
    "RunRelevantTests",
];

impl Options {
    /// Reads `deployOptions` of a REST call.
    pub(crate) fn from_json(asked: &Value, is_sandbox: bool) -> Result<Self, CallError> {
        let empty = Map::new();
        let given = match asked.get("deployOptions") {
            None | Some(Value::Null) => &empty,
            Some(Value::Object(given)) => given,
            Some(_) => {
                return Err(CallError::bad(
                    "JSON_PARSER_ERROR",
                    "deployOptions must be a JSON object",
                ));
            }
        };
        for name in FLAGS {
            if given
                .get(name)
                .is_some_and(|value| !value.is_boolean() && !value.is_null())
            {
                return Err(CallError::bad(
                    "JSON_PARSER_ERROR",
                    format!("Cannot deserialize instance of boolean from value of {name}"),
                ));
            }
        }
        let flag = |name: &str| given.get(name).and_then(Value::as_bool);
        let level = given.get("testLevel").and_then(Value::as_str);
        Self::of(flag, level, Value::Object(given.clone()), is_sandbox)
    }

    /// Reads `DeployOptions` of a SOAP call. Some clients write `True`, and some leave words
    /// between the elements; both are read.
    pub(crate) fn from_node(node: Option<&Node>, is_sandbox: bool) -> Result<Self, CallError> {
        let text = |name: &str| node.and_then(|node| node.text_of(name));
        for name in FLAGS {
            if let Some(word) = text(name)
                && !["true", "false", "1", "0"].contains(&word.to_ascii_lowercase().as_str())
            {
                return Err(CallError::new(
                    500,
                    "INVALID_TYPE",
                    format!("'{word}' is not a valid value for the type xsd:boolean"),
                ));
            }
        }
        let flag =
            |name: &str| text(name).map(|word| word == "1" || word.eq_ignore_ascii_case("true"));
        let mut echo = Map::new();
        for name in FLAGS {
            if let Some(on) = flag(name) {
                echo.insert(name.to_owned(), Value::Bool(on));
            }
        }
        if let Some(level) = text("testLevel") {
            echo.insert("testLevel".to_owned(), Value::from(level));
        }
        Self::of(flag, text("testLevel"), Value::Object(echo), is_sandbox)
    }

    fn of(
        flag: impl Fn(&str) -> Option<bool>,
        level: Option<&str>,
        echo: Value,
        is_sandbox: bool,
    ) -> Result<Self, CallError> {
        let on = |name: &str| flag(name).unwrap_or(false);
        let refused = |message: &str| Err(CallError::bad("INVALID_OPERATION", message));
        if let Some(level) = level
            && !LEVELS.contains(&level)
        {
            return Err(CallError::bad(
                "INVALID_TYPE",
                format!("'{level}' is not a valid value for the enum 'TestLevel'"),
            ));
        }
        let options = Self {
            allow_missing_files: on("allowMissingFiles"),
            auto_update_package: on("autoUpdatePackage"),
            check_only: on("checkOnly"),
            ignore_warnings: on("ignoreWarnings"),
            purge_on_delete: on("purgeOnDelete"),
            // Documented default: false. Production accepts nothing but true.
            rollback_on_error: flag("rollbackOnError").unwrap_or(!is_sandbox),
            run_tests: level.is_some_and(|level| level != "NoTestRun"),
            echo,
        };
        if !is_sandbox {
            if !options.rollback_on_error {
                return refused(
                    "rollbackOnError must be true when deploying to a production organization",
                );
            }
            if options.purge_on_delete {
                return refused("purgeOnDelete option can only be used on a non-active org");
            }
            if options.allow_missing_files {
                return refused(
                    "allowMissingFiles must be false when deploying to a production organization",
                );
            }
            if level == Some("NoTestRun") {
                return refused(
                    "testLevel of NoTestRun cannot be used in production organizations",
                );
            }
        }
        Ok(options)
    }

    /// The options of a quick deploy of something validated with these options.
    pub(crate) fn for_quick_deploy(&self) -> Self {
        let mut echo = self.echo.clone();
        if let Some(map) = echo.as_object_mut() {
            map.insert("checkOnly".to_owned(), json!(false));
        }
        Self {
            check_only: false,
            echo,
            ..self.clone()
        }
    }
}
