//! Requests that are refused before anybody looks at what they ask for.

/// Why a request goes no further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The URI alone is longer than the server reads.
    UriTooLong,
    /// URI and headers together are larger than the server reads.
    HeadTooLarge,
    /// The body is larger than allowed, as sent or unpacked.
    BodyTooLarge,
    /// An encoding of the body that the server does not know.
    UnknownEncoding(String),
    /// The body does not unpack.
    BrokenBody(String),
    /// The server itself failed.
    Unexpected(String),
}

impl Refusal {
    /// HTTP status.
    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::UriTooLong => 414,
            Self::HeadTooLarge => 431,
            Self::BodyTooLarge => 413,
            Self::UnknownEncoding(_) => 415,
            Self::BrokenBody(_) => 400,
            Self::Unexpected(_) => 500,
        }
    }

    /// What is wrong, in words.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::UriTooLong => "The URI is too long.".to_owned(),
            Self::HeadTooLarge => "The request's headers are too large.".to_owned(),
            Self::BodyTooLarge => "The request's body is too large.".to_owned(),
            Self::UnknownEncoding(name) => format!("Content-Encoding {name} is not supported."),
            Self::BrokenBody(why) => format!("The request's body could not be unpacked: {why}"),
            Self::Unexpected(why) => format!("An unexpected error occurred: {why}"),
        }
    }
}

/// How large requests may be, in bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// The URI.
    pub(crate) uri: usize,
    /// URI and headers.
    pub(crate) head: usize,
    /// The body, as sent and unpacked.
    pub(crate) body: usize,
}

impl Limits {
    /// The refusal of a request whose URI and headers are this large, if any.
    pub(crate) fn check(&self, uri: usize, headers: usize) -> Option<Refusal> {
        if uri > self.uri {
            return Some(Refusal::UriTooLong);
        }
        (uri + headers > self.head).then_some(Refusal::HeadTooLarge)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            uri: 60_000,
            head: 400_000,
            body: 50 * 1024 * 1024,
        }
    }
}
