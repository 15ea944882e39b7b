//! The certificates of the https side, made anew at every start.
//!
//! Two are made: an authority, whose public part clients are given to trust, and one for the
//! servers, issued by it. `OpenSSL` (strict mode too) and `rustls` both accept this pair, while a
//! single self-signed certificate is refused by one or the other.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use jiff::ToSpan;
use jiff::tz::TimeZone;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose,
};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::error::Error;

/// The authority's public part and what shakes hands with the certificate it issued.
pub(crate) struct Certificate {
    pub(crate) authority_pem: String,
    pub(crate) acceptor: TlsAcceptor,
}

impl Certificate {
    /// Makes keys and certificates for `localhost`, `127.0.0.1` and `::1`, good for a year.
    pub(crate) fn new() -> Result<Self, Error> {
        let wrong = |error: rcgen::Error| Error::Certificate(error.to_string());
        let authority_key = KeyPair::generate().map_err(wrong)?;
        let mut authority = dated("Drawbridge simulated servers");
        authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let authority_pem = authority.self_signed(&authority_key).map_err(wrong)?.pem();
        let issuer = Issuer::new(authority, authority_key);

        let key = KeyPair::generate().map_err(wrong)?;
        let mut own = dated("localhost");
        own.subject_alt_names = vec![
            rcgen::SanType::DnsName("localhost".try_into().map_err(wrong)?),
            rcgen::SanType::IpAddress(Ipv4Addr::LOCALHOST.into()),
            rcgen::SanType::IpAddress(Ipv6Addr::LOCALHOST.into()),
        ];
        own.is_ca = IsCa::ExplicitNoCa;
        own.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        own.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        own.use_authority_key_identifier_extension = true;
        let certificate = own.signed_by(&key, &issuer).map_err(wrong)?;

        let private = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        let wrong = |error: tokio_rustls::rustls::Error| Error::Certificate(error.to_string());
        let mut config =
            ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
                .with_safe_default_protocol_versions()
                .map_err(wrong)?
                .with_no_client_auth()
                .with_single_cert(vec![certificate.der().clone()], private)
                .map_err(wrong)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            authority_pem,
            acceptor: TlsAcceptor::from(Arc::new(config)),
        })
    }
}

/// Parameters with a name, valid from yesterday by the machine's clock (clients use that one).
fn dated(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    let today = crate::now::now().to_zoned(TimeZone::UTC).date();
    let day = |days: i64| {
        let date = today.saturating_add(days.days());
        rcgen::date_time_ymd(
            i32::from(date.year()),
            date.month().unsigned_abs(),
            date.day().unsigned_abs(),
        )
    };
    params.not_before = day(-1);
    params.not_after = day(365);
    params
}
