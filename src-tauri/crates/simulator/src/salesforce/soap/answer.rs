//! SOAP answers and faults, written from the JSON the REST API gives: objects become elements in
//! alphabetical order (the order of Salesforce's schema), lists repeat their element, null is left
//! out, and times end in `Z`.

use serde_json::Value;

use crate::reply::Reply;
use crate::salesforce::errors::CallError;
use crate::salesforce::pages::escape;

/// Which of the SOAP APIs answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Api {
    Metadata,
    Partner,
}

impl Api {
    const fn namespace(self) -> &'static str {
        match self {
            Self::Metadata => "http://soap.sforce.com/2006/04/metadata",
            Self::Partner => "urn:partner.soap.sforce.com",
        }
    }

    const fn fault_namespace(self) -> &'static str {
        match self {
            Self::Metadata => "http://soap.sforce.com/2006/04/metadata",
            Self::Partner => "urn:fault.partner.soap.sforce.com",
        }
    }
}

/// The answer of an operation. A list as result repeats `<result>`.
pub(crate) fn envelope(api: Api, operation: &str, result: &Value) -> Reply {
    let mut body = String::new();
    write(&mut body, "result", result);
    Reply::bytes(
        200,
        "text/xml;charset=UTF-8",
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
             <soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns=\"{}\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\
             <soapenv:Body><{operation}Response>{body}</{operation}Response></soapenv:Body></soapenv:Envelope>",
            api.namespace()
        )
        .into_bytes(),
    )
}

/// A fault: HTTP 500, and a code with a prefix, by which clients find it.
pub(crate) fn fault(api: Api, error: &CallError) -> Reply {
    let (code, message) = (&error.code, &error.message);
    // The envelope itself is wrong.
    let of_envelope = code.starts_with("soapenv:");
    let kind = if code == "INVALID_LOGIN" {
        "LoginFault"
    } else {
        "UnexpectedErrorFault"
    };
    let shown = escape(message);
    let detail = if of_envelope || api == Api::Metadata {
        String::new()
    } else {
        format!(
            "<detail><sf:{kind} xsi:type=\"sf:{kind}\"><sf:exceptionCode>{code}</sf:exceptionCode><sf:exceptionMessage>{shown}</sf:exceptionMessage></sf:{kind}></detail>"
        )
    };
    let (code, text) = if of_envelope {
        (code.clone(), message.clone())
    } else {
        (format!("sf:{code}"), format!("{code}: {message}"))
    };
    Reply::bytes(
        500,
        "text/xml;charset=UTF-8",
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
             <soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:sf=\"{}\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\
             <soapenv:Body><soapenv:Fault><faultcode>{code}</faultcode><faultstring>{}</faultstring>{detail}</soapenv:Fault></soapenv:Body></soapenv:Envelope>",
            api.fault_namespace(),
            escape(&text)
        )
        .into_bytes(),
    )
}

fn write(out: &mut String, name: &str, value: &Value) {
    match value {
        Value::Null => {}
        Value::Array(list) => {
            for value in list {
                write(out, name, value);
            }
        }
        Value::Object(map) => {
            open(out, name);
            for (key, value) in map {
                write(out, key, value);
            }
            close(out, name);
        }
        Value::String(text) => {
            open(out, name);
            // XML cannot hold control characters.
            let clean: String = text
                .chars()
                .filter(|c| !c.is_control() || matches!(c, '\n' | '\t' | '\r'))
                .collect();
            out.push_str(&escape(&zulu(&clean)));
            close(out, name);
        }
        other => {
            open(out, name);
            out.push_str(&other.to_string());
            close(out, name);
        }
    }
}

fn open(out: &mut String, name: &str) {
    out.push('<');
    out.push_str(name);
    out.push('>');
}

fn close(out: &mut String, name: &str) {
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

/// `2026-01-31T12:34:56.000+0000` as SOAP writes it; other text as it is.
fn zulu(text: &str) -> String {
    match text.strip_suffix("+0000") {
        Some(time) if text.len() == 28 && crate::salesforce::clock::parse(text).is_some() => {
            format!("{time}Z")
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use serde_json::json;

    #[test]
    fn json_becomes_elements() {
        let mut out = String::new();
        write(
            &mut out,
            "result",
            &json!({"b": [{"c": true}, {"c": 2}], "a": null, "d": "x<y", "e": "2026-01-31T12:34:56.000+0000"}),
        );
        assert_eq!(
            out,
            "<result><b><c>true</c></b><b><c>2</c></b><d>x&lt;y</d><e>2026-01-31T12:34:56.000Z</e></result>"
        );
    }
}
