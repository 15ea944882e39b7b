//! What is documented of a system's API, call by call: for completion, for a plain sentence of what
//! a call does, and for knowing what cannot be taken back.

use drawbridge_model::ApiMethod;
use percent_encoding::percent_decode_str;

/// One documented call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// How.
    pub method: ApiMethod,
    /// Its path; what stands in braces is to be filled in.
    pub path: &'static str,
    /// What it does, as a line that begins with a verb.
    pub does: &'static str,
    /// What goes into the query, the most useful first.
    pub query: &'static [Parameter],
    /// A body to begin with, where it takes one.
    pub body: Option<&'static str>,
    /// What cannot be taken back, where something cannot.
    pub irreversible: Option<&'static str>,
    /// What limits it beyond the pace of all calls.
    pub limit: Option<&'static str>,
    /// Whether it forgets a person, so that the history forgets whom it was about, too.
    pub forgets: bool,
}

/// A parameter of the query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it means, in a few words.
    pub means: &'static str,
    /// Whether the call fails without it.
    pub required: bool,
}

/// A call without query, body or limit.
pub(crate) const fn endpoint(
    method: ApiMethod,
    path: &'static str,
    does: &'static str,
) -> Endpoint {
    Endpoint {
        method,
        path,
        does,
        query: &[],
        body: None,
        irreversible: None,
        limit: None,
        forgets: false,
    }
}

pub(crate) const fn optional(name: &'static str, means: &'static str) -> Parameter {
    Parameter {
        name,
        means,
        required: false,
    }
}

pub(crate) const fn required(name: &'static str, means: &'static str) -> Parameter {
    Parameter {
        name,
        means,
        required: true,
    }
}

impl Endpoint {
    pub(crate) const fn query(self, query: &'static [Parameter]) -> Self {
        Self { query, ..self }
    }

    pub(crate) const fn body(self, body: &'static str) -> Self {
        Self {
            body: Some(body),
            ..self
        }
    }

    pub(crate) const fn irreversible(self, what: &'static str) -> Self {
        Self {
            irreversible: Some(what),
            ..self
        }
    }

    pub(crate) const fn limit(self, limit: &'static str) -> Self {
        Self {
            limit: Some(limit),
            ..self
        }
    }

    pub(crate) const fn forgets(self) -> Self {
        Self {
            forgets: true,
            ..self
        }
    }

    /// Whether this is the call of that method to that path, written below the base URL.
    fn fits(&self, method: ApiMethod, segments: &[String]) -> bool {
        let template: Vec<&str> = parts(self.path).collect();
        self.method == method
            && template.len() == segments.len()
            && template
                .iter()
                .zip(segments)
                .all(|(part, segment)| part.starts_with('{') || part == segment)
    }

    /// How many parts of its path are fixed: the more, the closer it describes a call.
    fn fixed(&self) -> usize {
        parts(self.path)
            .filter(|part| !part.starts_with('{'))
            .count()
    }
}

/// The documented call that this one is.
pub fn documented<'a>(
    endpoints: &'a [Endpoint],
    method: ApiMethod,
    path: &str,
) -> Option<&'a Endpoint> {
    let segments = decoded(path);
    endpoints
        .iter()
        .filter(|endpoint| endpoint.fits(method, &segments))
        .max_by_key(|endpoint| endpoint.fixed())
}

/// What somebody types before a call that cannot be taken back: the id it is about, or the end of
/// its path.
pub fn confirmation(endpoint: Option<&Endpoint>, path: &str) -> String {
    let segments = decoded(path);
    let id = endpoint.and_then(|endpoint| {
        let at = parts(endpoint.path).collect::<Vec<_>>();
        let at = at.iter().rposition(|part| part.starts_with('{'))?;
        segments.get(at)
    });
    id.or(segments.last()).cloned().unwrap_or_default()
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    let path = path.split('?').next().unwrap_or_default();
    path.split('/').filter(|part| !part.is_empty())
}

fn decoded(path: &str) -> Vec<String> {
    parts(path)
        .map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_known_by_its_method_and_path() {
        let of = |method, path| {
            documented(crate::profitwell::ENDPOINTS, method, path).map(|endpoint| endpoint.path)
        };
        assert_eq!(of(ApiMethod::Get, "/v2/plans/"), Some("/v2/plans/"));
        assert_eq!(
            of(ApiMethod::Get, "/v2/plans/Scale%20Up"),
            Some("/v2/plans/{plan}/")
        );
        assert_eq!(
            of(ApiMethod::Get, "/v2/metrics/plans/?limit=2"),
            Some("/v2/metrics/plans/")
        );
        assert_eq!(of(ApiMethod::Delete, "/v2/plans/x/"), None);
        assert_eq!(
            of(ApiMethod::Delete, "/v2/customer_traits/trait/"),
            Some("/v2/customer_traits/trait/")
        );
        let alguna = documented(
            crate::alguna::ENDPOINTS,
            ApiMethod::Get,
            "/customers/lookup",
        );
        assert_eq!(
            alguna.map(|endpoint| endpoint.path),
            Some("/customers/lookup")
        );
    }

    #[test]
    fn what_is_typed_is_the_id() {
        for (method, path, typed) in [
            (ApiMethod::Delete, "/v2/users/spider%20man/", "spider man"),
            (
                ApiMethod::Post,
                "/v2/gdpr/anonymize_by_email/me%40example.com/",
                "me@example.com",
            ),
            (
                ApiMethod::Delete,
                "/v2/customer_traits/category/",
                "category",
            ),
            (ApiMethod::Delete, "/v2/unheard/of/", "of"),
        ] {
            let endpoint = documented(crate::profitwell::ENDPOINTS, method, path);
            assert_eq!(confirmation(endpoint, path), typed);
        }
        let path = "/subscriptions/sub_1/cancel";
        let endpoint = documented(crate::alguna::ENDPOINTS, ApiMethod::Post, path);
        assert_eq!(confirmation(endpoint, path), "sub_1");
    }

    #[test]
    fn every_list_is_whole() {
        for endpoints in [crate::profitwell::ENDPOINTS, crate::alguna::ENDPOINTS] {
            for (at, one) in endpoints.iter().enumerate() {
                assert!(one.path.starts_with('/'), "{}", one.path);
                assert!(
                    !one.does.ends_with('.') && !one.does.is_empty(),
                    "{}",
                    one.path
                );
                if let Some(body) = one.body {
                    serde_json::from_str::<serde_json::Value>(body).unwrap();
                }
                assert!(one.method.changes() || one.irreversible.is_none());
                assert!(
                    !endpoints[..at]
                        .iter()
                        .any(|it| (it.method, it.path) == (one.method, one.path)),
                    "{} {} stands there twice",
                    one.method.word(),
                    one.path
                );
            }
        }
    }
}
