//! Which API version to speak.

use drawbridge_model::TargetError;
use serde::Deserialize;

/// Oldest version Drawbridge is built for (`60.0`, Spring '24).
pub(crate) const OLDEST: u16 = 60;

#[derive(Deserialize)]
struct Listed {
    version: String,
}

/// The versions `/services/data` lists.
pub(crate) fn listed(body: &[u8]) -> Result<Vec<u16>, serde_json::Error> {
    let listed: Vec<Listed> = serde_json::from_slice(body)?;
    Ok(listed
        .iter()
        .filter_map(|one| one.version.split('.').next()?.parse().ok())
        .collect())
}

/// The newest version both sides know.
pub(crate) fn choose(listed: &[u16], ceiling: u16) -> Result<String, TargetError> {
    let newest = listed.iter().copied().max().unwrap_or(0);
    let chosen = newest.min(ceiling);
    if chosen < OLDEST {
        return Err(TargetError::Refused {
            call: "GET /services/data".to_owned(),
            code: "api_version_too_old".to_owned(),
            message: format!(
                "the org offers API versions up to {newest}.0, and Drawbridge needs {OLDEST}.0 to \
                 {ceiling}.0. Nothing was read or written"
            ),
        });
    }
    Ok(format!("{chosen}.0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_both_sides_know() {
        for (offered, ceiling, expected) in [
            (vec![31, 66, 67], 67, Some("67.0")),
            (vec![31, 67, 68], 67, Some("67.0")),
            (vec![31, 62], 67, Some("62.0")),
            (vec![31, 59], 67, None),
            (vec![], 67, None),
        ] {
            assert_eq!(choose(&offered, ceiling).ok().as_deref(), expected);
        }
    }
}
