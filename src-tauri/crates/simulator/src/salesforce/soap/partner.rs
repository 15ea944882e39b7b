//! The few operations of the Partner API that REST has no equal for.

use serde_json::{Value, json};

use super::{Call, Done, check_enabled, no_operation};
use crate::salesforce::errors::CallError;
use crate::salesforce::org::Org;

/// First API version without `login` (facts/salesforce.md §0 point 12).
const NO_LOGIN_SINCE: u32 = 65;
/// Most records of one `undelete`.
const MAX_ROWS: usize = 200;

pub(super) fn run(org: &mut Org, call: &Call<'_>) -> Result<Done, CallError> {
    match call.body.name.as_str() {
        "login" => login(org, call),
        "logout" => {
            org.oauth.end_session(call.session);
            Ok(Done::read(Value::Null))
        }
        "getUserInfo" => Ok(Done::read(user_info(org)?)),
        "undelete" => undelete(org, call),
        other => Err(no_operation(other)),
    }
}

fn login(org: &mut Org, call: &Call<'_>) -> Result<Done, CallError> {
    if call.version >= NO_LOGIN_SINCE {
        return Err(CallError::new(
            500,
            "UNSUPPORTED_API_VERSION",
            format!(
                "SOAP API login() is disabled in API version {}.0 and later. Use OAuth, or an earlier API version.",
                call.version
            ),
        ));
    }
    let given = |name: &str| call.body.text_of(name).unwrap_or_default();
    let known = given("username").eq_ignore_ascii_case(org.identity.username)
        && !org.password.is_empty()
        && given("password") == org.password;
    if !known {
        return Err(CallError::new(
            500,
            "INVALID_LOGIN",
            "Invalid username, password, security token; or user locked out.",
        ));
    }
    check_enabled(org)?;
    let org_id = org.identity.org_id.clone();
    let session = org.oauth.issue_access(&org_id);
    let short = org_id.get(..15).unwrap_or(&org_id);
    let address = |api: &str| {
        format!(
            "{}/services/Soap/{api}/{}.0/{short}",
            call.request.origin(),
            call.version
        )
    };
    Ok(Done::read(json!({
        "metadataServerUrl": address("m"), "passwordExpired": false,
        "sandbox": org.identity.is_sandbox, "serverUrl": address("u"), "sessionId": session,
        "userId": org.identity.user_id, "userInfo": user_info(org)?
    })))
}

fn user_info(org: &Org) -> Result<Value, CallError> {
    let identity = &org.identity;
    let user: [Option<String>; 6] = org.db.query_row(
            "SELECT Name, Email, ProfileId, LanguageLocaleKey, LocaleSidKey, TimeZoneSidKey FROM User WHERE Id = ?1",
            [&identity.user_id],
            |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?]),)?;
    let [name, email, profile, language, locale, zone] = user;
    // An org of one currency tells that, one of several what this user gets (facts §11).
    let shape = &org.setup.shape;
    let several = shape.multi_currency;
    let (symbol, own) = if several {
        (Value::Null, Value::Null)
    } else {
        let symbol = match shape.currency.as_str() {
            "EUR" => "€",
            "USD" => "$",
            "GBP" => "£",
            code => code,
        };
        (Value::from(symbol), Value::from(shape.currency.as_str()))
    };
    let users: Option<String> = if several {
        let sql = "SELECT DefaultCurrencyIsoCode FROM User WHERE Id = ?1";
        org.db
            .query_row(sql, [&identity.user_id], |row| row.get(0))?
    } else {
        None
    };
    Ok(json!({
        "accessibilityMode": false, "chatterExternal": false, "currencySymbol": symbol,
        "orgAttachmentFileSizeLimit": 26_214_400, "orgDefaultCurrencyIsoCode": own,
        "orgDisallowHtmlAttachments": false, "orgHasPersonAccounts": org.schema.any_object("Account").is_some_and(|account| account.any_field("IsPersonAccount").is_some()),
        "organizationId": identity.org_id, "organizationMultiCurrency": several,
        "organizationName": identity.org_name, "profileId": profile, "sessionSecondsValid": 7200,
        "userDefaultCurrencyIsoCode": users,
        "userEmail": email, "userFullName": name, "userId": identity.user_id,
        "userLanguage": language, "userLocale": locale, "userName": identity.username,
        "userTimeZone": zone, "userType": "Standard", "userUiSkin": "Theme3"
    }))
}

fn undelete(org: &mut Org, call: &Call<'_>) -> Result<Done, CallError> {
    let ids: Vec<&str> = call.body.all("ids").map(|node| node.text.trim()).collect();
    if ids.len() > MAX_ROWS {
        return Err(CallError::new(
            500,
            "EXCEEDED_ID_LIMIT",
            format!(
                "record limit reached. cannot submit more than {MAX_ROWS} records in this call"
            ),
        ));
    }
    let mut results = Vec::with_capacity(ids.len());
    for id in ids {
        let restored = org.undelete_signed_in(id);
        results.push(match restored {
            Ok(id) => json!({"id": id, "success": true}),
            Err(error) => json!({
                "id": id, "success": false,
                "errors": {"message": error.message, "statusCode": error.status_code}
            }),
        });
    }
    Ok(Done {
        result: Value::Array(results),
        is_write: true,
    })
}
