//! Content encodings of bodies: gzip both ways, deflate in requests (facts/salesforce.md §13.3).

use std::io::{Read, Write};

use axum::http::HeaderMap;
use bytes::Bytes;
use flate2::Compression;
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use flate2::write::GzEncoder;

use crate::refusal::Refusal;
use crate::reply::Reply;

/// Smallest answer worth packing, in bytes.
const WORTH_PACKING: usize = 1024;

/// The plain body of a request sent with this `Content-Encoding`, of at most `limit` bytes.
pub(crate) fn unpack(encoding: &str, body: Bytes, limit: usize) -> Result<Bytes, Refusal> {
    let encoding = encoding.trim().to_ascii_lowercase();
    match encoding.as_str() {
        "" | "identity" => Ok(body),
        "gzip" | "x-gzip" => read(MultiGzDecoder::new(&body[..]), limit),
        "deflate" => read(ZlibDecoder::new(&body[..]), limit),
        _ => Err(Refusal::UnknownEncoding(encoding)),
    }
}

fn read(decoder: impl Read, limit: usize) -> Result<Bytes, Refusal> {
    let mut plain = Vec::new();
    // One byte more than allowed tells a body that is too large from one that just fits.
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    decoder
        .take(most)
        .read_to_end(&mut plain)
        .map_err(|error| Refusal::BrokenBody(error.to_string()))?;
    if plain.len() > limit {
        return Err(Refusal::BodyTooLarge);
    }
    Ok(plain.into())
}

/// Whether a client takes gzip.
pub(crate) fn accepts_gzip(headers: &HeaderMap) -> bool {
    headers
        .get_all("accept-encoding")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|choice| {
            let (name, weight) = choice.split_once(';').unwrap_or((choice, ""));
            let refused = weight
                .trim()
                .strip_prefix("q=")
                .and_then(|weight| weight.parse::<f32>().ok())
                .is_some_and(|weight| weight <= 0.0);
            name.trim().eq_ignore_ascii_case("gzip") && !refused
        })
}

/// Packs a larger answer of JSON, CSV, XML or HTML.
pub(crate) fn pack(reply: Reply) -> Reply {
    let text = |value: &str| {
        ["json", "csv", "xml", "html"]
            .iter()
            .any(|kind| value.contains(kind))
    };
    let is_text = reply
        .headers
        .iter()
        .any(|(name, value)| *name == "content-type" && text(value));
    let is_packed = reply
        .headers
        .iter()
        .any(|(name, _)| *name == "content-encoding");
    if reply.body.len() <= WORTH_PACKING || !is_text || is_packed {
        return reply;
    }
    let mut packed = GzEncoder::new(
        Vec::with_capacity(reply.body.len() / 4),
        Compression::fast(),
    );
    let done = packed.write_all(&reply.body).and_then(|()| packed.finish());
    match done {
        Ok(body) => Reply { body, ..reply }
            .with("content-encoding", "gzip")
            .with("vary", "Accept-Encoding"),
        Err(_) => reply,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_packed_unpacks(body in proptest::collection::vec(any::<u8>(), 0..5000)) {
            let reply = pack(Reply::bytes(200, "text/csv", body.clone()));
            let encoding = if body.len() > WORTH_PACKING { "gzip" } else { "identity" };
            prop_assert_eq!(unpack(encoding, reply.body.into(), 5000).unwrap(), body);
        }

        #[test]
        fn any_bytes_unpack_or_are_refused(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = unpack("gzip", body.clone().into(), 1000);
            let _ = unpack("deflate", body.into(), 1000);
        }
    }

    #[test]
    fn small_bodies_that_unpack_large_are_refused() {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(&vec![0; 1_000_000]).unwrap();
        let packed: Bytes = packed.finish().unwrap().into();
        assert!(matches!(
            unpack("gzip", packed.clone(), 999_999),
            Err(Refusal::BodyTooLarge)
        ));
        assert_eq!(unpack("gzip", packed, 1_000_000).unwrap().len(), 1_000_000);
    }

    #[test]
    fn only_who_asks_for_gzip_gets_it() {
        for (value, expected) in [
            ("gzip, deflate, br", true),
            ("GZIP;q=0.5", true),
            ("gzip;q=0, br", false),
            ("identity", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("accept-encoding", value.parse().unwrap());
            assert_eq!(accepts_gzip(&headers), expected, "{value}");
        }
    }
}
