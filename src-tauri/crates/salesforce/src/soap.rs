//! The one question REST has no answer to: which currency the org counts in. SOAP's `getUserInfo`
//! tells (`orgDefaultCurrencyIsoCode` in an org of one currency, `userDefaultCurrencyIsoCode` in
//! one of several).

use bytes::Bytes;
use drawbridge_model::{Currency, TargetError};
use quick_xml::escape::escape;
use serde::Deserialize;

use crate::rest::failure::{self, Effect, Verdict};

/// The envelope of an operation without arguments. SOAP takes the session in it.
pub(crate) fn envelope(operation: &str, session: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         xmlns:urn=\"urn:partner.soap.sforce.com\">\
         <soapenv:Header><urn:SessionHeader><urn:sessionId>{}</urn:sessionId></urn:SessionHeader>\
         </soapenv:Header><soapenv:Body><urn:{operation}/></soapenv:Body></soapenv:Envelope>",
        escape(session)
    )
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "Body")]
    body: Body,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    #[serde(rename = "Fault")]
    fault: Option<Fault>,
    get_user_info_response: Option<UserInfoResponse>,
}

#[derive(Deserialize)]
struct Fault {
    #[serde(default)]
    faultcode: String,
    #[serde(default)]
    faultstring: String,
}

#[derive(Deserialize)]
struct UserInfoResponse {
    result: UserInfo,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct UserInfo {
    organization_multi_currency: Option<String>,
    org_default_currency_iso_code: Option<String>,
    user_default_currency_iso_code: Option<String>,
}

fn read(body: &[u8]) -> Option<Body> {
    let envelope: Envelope = quick_xml::de::from_reader(body).ok()?;
    Some(envelope.body)
}

/// Judges a whole answer: a fault in SOAP's form, or what any call may get.
pub(crate) fn judge(call: &str, host: &str, status: u16, body: Bytes) -> Verdict {
    match read(&body) {
        Some(Body {
            fault: Some(fault), ..
        }) => {
            let code = fault.faultcode.rsplit(':').next().unwrap_or_default();
            if code == "INVALID_SESSION_ID" {
                return Verdict::SessionOver(fault.faultstring);
            }
            Verdict::Failed(TargetError::Refused {
                call: call.to_owned(),
                code: code.to_owned(),
                message: fault.faultstring,
            })
        }
        Some(_) if status == 200 => Verdict::Fine(body),
        _ => failure::judge(call, host, Effect::Reads, status, body),
    }
}

/// What amounts are in where their record does not say; `None` where the answer does not say either.
pub(crate) fn currency(body: &[u8]) -> Option<Currency> {
    let info = read(body)?.get_user_info_response?.result;
    let code = if info.organization_multi_currency.as_deref() == Some("true") {
        info.user_default_currency_iso_code
    } else {
        info.org_default_currency_iso_code
    };
    Currency::parse(&code?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(fields: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?><soapenv:Envelope \
             xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" \
             xmlns=\"urn:partner.soap.sforce.com\" \
             xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Header/>\
             <soapenv:Body><getUserInfoResponse><result><userName>a</userName>{fields}</result>\
             </getUserInfoResponse></soapenv:Body></soapenv:Envelope>"
        )
    }

    #[test]
    fn an_org_of_one_currency_and_a_user_of_an_org_of_several_tell_theirs() {
        let told = |fields: &str| currency(answer(fields).as_bytes()).map(|it| it.to_string());
        let one = "<orgDefaultCurrencyIsoCode>USD</orgDefaultCurrencyIsoCode>\
                   <organizationMultiCurrency>false</organizationMultiCurrency>";
        assert_eq!(told(one).as_deref(), Some("USD"));
        let several = "<orgDefaultCurrencyIsoCode xsi:nil=\"true\"/>\
                       <organizationMultiCurrency>true</organizationMultiCurrency>\
                       <userDefaultCurrencyIsoCode>GBP</userDefaultCurrencyIsoCode>";
        assert_eq!(told(several).as_deref(), Some("GBP"));
        assert_eq!(told("<orgDefaultCurrencyIsoCode xsi:nil=\"true\"/>"), None);
        assert_eq!(told(""), None);
        assert_eq!(currency(b"<html/>"), None);
    }

    #[test]
    fn faults_are_told_from_sessions_that_are_over() {
        let fault = |code: &str| {
            let body = format!(
                "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\">\
                 <soapenv:Body><soapenv:Fault><faultcode>sf:{code}</faultcode><faultstring>{code}: \
                 no</faultstring></soapenv:Fault></soapenv:Body></soapenv:Envelope>"
            );
            judge("POST /x", "acme", 500, Bytes::from(body))
        };
        assert!(matches!(
            fault("INVALID_SESSION_ID"),
            Verdict::SessionOver(_)
        ));
        assert!(matches!(
            fault("API_DISABLED_FOR_ORG"),
            Verdict::Failed(TargetError::Refused { code, .. }) if code == "API_DISABLED_FOR_ORG"
        ));
        let page = Bytes::from_static(b"<html>down</html>");
        assert!(matches!(
            judge("POST /x", "acme", 503, page),
            Verdict::Failed(TargetError::Busy { status: 503 })
        ));
    }

    #[test]
    fn a_session_cannot_break_out_of_its_element() {
        let text = envelope("getUserInfo", "00D!a<b>&");
        assert!(
            text.contains("<urn:sessionId>00D!a&lt;b&gt;&amp;</urn:sessionId>"),
            "{text}"
        );
    }
}
