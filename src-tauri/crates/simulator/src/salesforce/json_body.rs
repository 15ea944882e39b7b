//! Bodies in JSON, read strictly: what is described as an object must be one. Structs alone would
//! also be read from lists, and would complain in the words of the JSON library.

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error};
use serde_json::{Map, Value};

use crate::salesforce::errors::{CallError, NOWHERE};

/// Reads a body that must be an object.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, CallError> {
    let refused = |text: &str| CallError::bad("JSON_PARSER_ERROR", format!("{text}{NOWHERE}"));
    let body: Value = serde_json::from_slice(body)?;
    if !body.is_object() {
        return Err(refused("The request body must be a JSON object."));
    }
    T::deserialize(body).map_err(|_| {
        refused("Unrecognized or missing field, or a value of the wrong type, in the request body")
    })
}

/// For `deserialize_with`: a list of objects.
pub(crate) fn objects<'de, D, T>(source: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Vec::<Map<String, Value>>::deserialize(source)?
        .into_iter()
        .map(|object| T::deserialize(Value::Object(object)).map_err(D::Error::custom))
        .collect()
}
