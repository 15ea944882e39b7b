//! From facts to checks. Pure.

use std::collections::BTreeMap;

use drawbridge_model::{
    ApiUsage, Describe, Environment, FieldName, OrgIdentity, RecordId, SObjectName, TargetError,
    grouped,
};

use super::facts::{Permission, Saver};
use super::features::{currencies, people, required, states};
use super::{Check, CheckState, Facts, Scope};

pub(super) const ADMIN: &str = "A Salesforce admin";
const YOU: &str = "You";

/// Fewer records than this tell nothing about who keeps them in step.
const MANY: u64 = 5;

/// Fewer API calls than this left are worth a warning.
const FEW_CALLS: u32 = 1_000;

/// Judges the facts. When the org could not be asked at all, there is one check, and it says so.
pub fn judge(facts: &Facts, scope: &Scope) -> Vec<Check> {
    let version = match &facts.version {
        Ok(version) => version,
        Err(error) => return vec![shut(error)],
    };
    let identity = match &facts.identity {
        Ok(identity) => identity,
        Err(error) => return vec![shut(error)],
    };
    let mut checks = vec![api(version, identity), label(identity, scope)];
    checks.extend(permissions(facts, identity, scope));
    for (sobject, describe) in &facts.describes {
        checks.push(rights(sobject, describe, identity, scope));
    }
    let described: Vec<&Describe> = facts
        .describes
        .iter()
        .filter_map(|(_, describe)| describe.as_ref().ok())
        .collect();
    if !described.is_empty() {
        if scope.creates {
            checks.push(required(&described));
        }
        checks.push(currencies(&described, &facts.currency));
        checks.push(states(&described));
        checks.push(people(&described));
    }
    checks.push(duplicates(facts));
    checks.push(validations(facts));
    checks.extend(
        facts
            .savers
            .iter()
            .map(|(field, savers)| others(field, savers, identity)),
    );
    checks.push(calls(facts.usage));
    checks
}

pub(super) fn check(name: &str, state: CheckState, detail: impl Into<String>) -> Check {
    Check {
        name: name.to_owned(),
        state,
        detail: detail.into(),
        who_fixes: None,
        setup_path: None,
        message_for_admin: None,
    }
}

impl Check {
    pub(super) fn fixed_by(
        mut self,
        who: &str,
        setup_path: &str,
        message: impl Into<String>,
    ) -> Self {
        self.who_fixes = Some(who.to_owned());
        self.setup_path = Some(setup_path.to_owned()).filter(|path| !path.is_empty());
        self.message_for_admin = Some(message.into()).filter(|message| !message.is_empty());
        self
    }
}

fn shut(error: &TargetError) -> Check {
    let failed = check("API access", CheckState::Failed, error.to_string());
    match error {
        TargetError::SignInNeeded { .. } | TargetError::Secret(_) => failed.fixed_by(YOU, "", ""),
        TargetError::BlockedByPolicy { message } => failed.fixed_by(
            ADMIN,
            "/lightning/setup/ManageExternalClientApplication/home",
            format!(
                "Drawbridge cannot use the org's API: {message}. Please check that the user has \
                 “API Enabled”, that the External Client App is approved for the user (its \
                 policies, permitted users), and, if API Access Control is on, that the app is \
                 allowed."
            ),
        ),
        _ => failed,
    }
}

fn api(version: &str, identity: &OrgIdentity) -> Check {
    check(
        "API access",
        CheckState::Ok,
        format!(
            "The API answers in version {version}. {} signed in to {} ({}, {}).",
            identity.username, identity.name, identity.edition, identity.instance
        ),
    )
}

fn label(identity: &OrgIdentity, scope: &Scope) -> Check {
    let name = "Sandbox or production";
    let is = if identity.is_sandbox {
        Environment::Sandbox
    } else {
        Environment::Production
    };
    if is == scope.environment {
        return check(
            name,
            CheckState::Ok,
            format!(
                "The org says it is {}, as the connection is labelled.",
                is.word()
            ),
        );
    }
    check(
        name,
        CheckState::Failed,
        format!(
            "The connection is labelled {}, and the org says it is {}. It is not used like this: \
         connect it under its right label.",
            scope.environment.word(),
            is.word()
        ),
    )
    .fixed_by(YOU, "", "")
}

fn permissions(facts: &Facts, identity: &OrgIdentity, scope: &Scope) -> Vec<Check> {
    if !scope.makes_fields {
        return Vec::new();
    }
    let name = "Permission to create fields";
    let has = match &facts.permissions {
        Ok(has) => has,
        Err(error) => {
            return vec![check(
                name,
                CheckState::Warning,
                format!(
                    "The user's permissions could not be asked ({error}). Validating the fields will tell."
                ),
            )];
        }
    };
    let granted = |permission| has.get(&permission).copied();
    let deploys = one_of(
        has,
        &[Permission::ModifyMetadata, Permission::ModifyAllData],
    );
    let assigns = one_of(has, &[Permission::AssignPermissionSets]);
    let mut missing = Vec::new();
    if !deploys {
        missing.push(Permission::ModifyMetadata);
    }
    if granted(Permission::CustomizeApplication) == Some(false) {
        missing.push(Permission::CustomizeApplication);
    }
    if !assigns {
        missing.push(Permission::AssignPermissionSets);
    }
    if missing.is_empty() {
        return vec![check(
            name,
            CheckState::Ok,
            "The user may create fields and make them visible.",
        )];
    }
    let labels: Vec<String> = missing
        .iter()
        .map(|one| format!("“{}”", one.label()))
        .collect();
    let labels = labels.join(", ");
    vec![
        check(name, CheckState::Failed, format!(
            "The user lacks {labels}. An admin can also create the fields: export them as a \
             source folder."
        ))
        .fixed_by(ADMIN, "/lightning/setup/PermSets/home", format!(
            "Please give {} a permission set with {labels}, or deploy the fields that Drawbridge \
             exports.",
            identity.username
        )),
    ]
}

fn one_of(has: &BTreeMap<Permission, bool>, wanted: &[Permission]) -> bool {
    wanted.iter().any(|one| has.get(one) == Some(&true))
}

fn rights(
    sobject: &SObjectName,
    describe: &Result<Describe, TargetError>,
    identity: &OrgIdentity,
    scope: &Scope,
) -> Check {
    let name = format!("Access to {sobject}");
    let describe = match describe {
        Ok(describe) => describe,
        Err(error) => {
            return check(
                &name,
                CheckState::Failed,
                format!("{sobject} cannot be seen: {error}"),
            )
            .fixed_by(
                ADMIN,
                "/lightning/setup/PermSets/home",
                format!(
                    "Please give {} access to {sobject} (Read, Edit).",
                    identity.username
                ),
            );
        }
    };
    let mut missing = Vec::new();
    if !describe.updateable {
        missing.push("Edit");
    }
    if scope.creates && !describe.createable {
        missing.push("Create");
    }
    if missing.is_empty() {
        return check(
            &name,
            CheckState::Ok,
            format!("The user may change {sobject} records."),
        );
    }
    let missing = missing.join(" and ");
    check(
        &name,
        CheckState::Failed,
        format!("The user lacks {missing} on {sobject}."),
    )
    .fixed_by(
        ADMIN,
        "/lightning/setup/PermSets/home",
        format!("Please give {} {missing} on {sobject}.", identity.username),
    )
}

fn duplicates(facts: &Facts) -> Check {
    let name = "Duplicate rules";
    match &facts.duplicate_rules {
        Ok(rules) if rules.is_empty() => check(name, CheckState::Ok, "None is active."),
        Ok(rules) => {
            let names: Vec<String> = rules
                .iter()
                .map(|rule| format!("{} ({})", rule.name, rule.sobject))
                .collect();
            check(name, CheckState::Warning, format!(
                "Active: {}. A rule that blocks will refuse records it takes for duplicates; they \
                 are listed as rejected.",
                names.join(", ")
            ))
            .fixed_by(ADMIN, "/lightning/setup/DuplicateRules/home", "")
        }
        Err(error) => not_asked(name, error),
    }
}

fn validations(facts: &Facts) -> Check {
    let name = "Validation rules";
    match &facts.validation_rules {
        Ok(rules) if rules.is_empty() => check(name, CheckState::Ok, "None is active."),
        Ok(rules) => {
            let names: Vec<&str> = rules.iter().map(|rule| rule.name.as_str()).collect();
            check(
                name,
                CheckState::Warning,
                format!(
                    "Active: {}. A preview cannot try them; records they refuse are listed as \
                 rejected, with the rule's own words.",
                    names.join(", ")
                ),
            )
            .fixed_by(ADMIN, "/lightning/setup/ObjectManager/home", "")
        }
        Err(error) => not_asked(name, error),
    }
}

/// Whether somebody else seems to fill the same fields: a program that keeps them in step saves most
/// of the records that carry a customer's id.
fn others(
    field: &FieldName,
    savers: &Result<Vec<Saver>, TargetError>,
    identity: &OrgIdentity,
) -> Check {
    let name = "Others that fill the same fields";
    let savers = match savers {
        Ok(savers) => savers,
        Err(error) => return not_asked(name, error),
    };
    let is_us = |user: &str| RecordId::parse(user).is_ok_and(|user| user == identity.user_id);
    let total: u64 = savers.iter().map(|saver| saver.records).sum();
    let most = savers.iter().find(|saver| !is_us(&saver.user));
    let Some(most) = most.filter(|it| it.records >= MANY && it.records * 2 >= total) else {
        return check(
            name,
            CheckState::Ok,
            format!("No other user saved most of the records with {field} last."),
        );
    };
    let who = most.name.as_deref().unwrap_or(&most.user);
    check(
        name,
        CheckState::Warning,
        format!(
            "{who} saved {} of the {} records with {field} last. If it fills the same fields, \
             each overwrites the other: switch one of the two off, or let the mapping write those \
             fields only if they are unchanged.",
            grouped(most.records),
            grouped(total)
        ),
    )
    .fixed_by(
        ADMIN,
        "/lightning/setup/ManageUsers/home",
        format!("Which program works as {who}, and does it fill {field} and the fields beside it?"),
    )
}

fn not_asked(name: &str, error: &TargetError) -> Check {
    check(
        name,
        CheckState::Warning,
        format!("They could not be asked ({error})."),
    )
}

fn calls(usage: Option<ApiUsage>) -> Check {
    let name = "API calls left";
    let Some(usage) = usage else {
        return check(
            name,
            CheckState::Warning,
            "The org did not say how many there are.",
        );
    };
    let (left, of) = (grouped(usage.left()), grouped(usage.limit));
    let detail = format!("{left} of {of} in the last 24 hours are left.");
    let state = match usage.left() {
        0 => CheckState::Failed,
        few if few < FEW_CALLS || few < usage.limit / 10 => CheckState::Warning,
        _ => return check(name, CheckState::Ok, detail),
    };
    check(name, state, detail).fixed_by(
        ADMIN,
        "/lightning/setup/CompanyProfileInfo/home",
        format!(
            "The org has {left} of {of} API calls left. Please see which integrations use them \
         (Setup → API Usage)."
        ),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::super::facts::{DuplicateRule, ValidationRule};
    use super::*;

    fn describe(sobject: &str, fields: &[&str]) -> Describe {
        let fields: Vec<_> = fields
            .iter()
            .map(|name| {
                // Fields the org made are required in these tests.
                let required = name.ends_with("__c");
                serde_json::json!({"name": name, "type": "string", "createable": true, "nillable": !required})
            })
            .collect();
        let body = serde_json::json!({
            "name": sobject, "createable": true, "updateable": true, "fields": fields});
        crate::rest::describe::read(body.to_string().as_bytes()).unwrap()
    }

    fn facts() -> Facts {
        let account = SObjectName::from("Account");
        Facts {
            version: Ok("67.0".to_owned()),
            identity: Ok(OrgIdentity {
                org_id: RecordId::parse("00Di0000000icUB").unwrap(),
                name: "Acme".to_owned(),
                is_sandbox: true,
                edition: "Enterprise Edition".to_owned(),
                instance: "CS420".to_owned(),
                instance_url: "https://acme--uat.sandbox.my.salesforce.com".to_owned(),
                api_version: "67.0".to_owned(),
                user_id: RecordId::parse("005i0000002MUqL").unwrap(),
                username: "ann@acme.example.uat".to_owned(),
                user_name: "Ann".to_owned(),
            }),
            permissions: Ok(Permission::ALL.into_iter().map(|one| (one, true)).collect()),
            currency: Ok(drawbridge_model::Currency::parse("EUR").ok()),
            describes: vec![(account, Ok(describe("Account", &["Name"])))],
            duplicate_rules: Ok(Vec::new()),
            validation_rules: Ok(Vec::new()),
            savers: Vec::new(),
            usage: Some(ApiUsage {
                used: 10,
                limit: 100_000,
            }),
        }
    }

    fn scope() -> Scope {
        Scope {
            environment: Environment::Sandbox,
            sobjects: vec![SObjectName::from("Account")],
            creates: true,
            makes_fields: true,
            keys: Vec::new(),
        }
    }

    fn state(facts: &Facts, scope: &Scope, name: &str) -> CheckState {
        let checks = judge(facts, scope);
        checks
            .iter()
            .find(|check| check.name == name)
            .unwrap()
            .state
    }

    #[test]
    fn a_well_kept_org_passes_every_check() {
        for check in judge(&facts(), &scope()) {
            assert_eq!(check.state, CheckState::Ok, "{check:?}");
        }
    }

    #[test]
    fn the_label_must_be_borne_out() {
        let scope = Scope {
            environment: Environment::Production,
            ..scope()
        };
        assert_eq!(
            state(&facts(), &scope, "Sandbox or production"),
            CheckState::Failed
        );
    }

    #[test]
    fn each_trouble_shows_in_its_check() {
        let mut troubled = facts();
        troubled.permissions = Ok([(Permission::ModifyAllData, false)].into());
        troubled.describes = vec![(
            SObjectName::from("Account"),
            Ok(Describe {
                createable: false,
                ..describe(
                    "Account",
                    &[
                        "CurrencyIsoCode",
                        "BillingStateCode",
                        "IsPersonAccount",
                        "Region__c",
                    ],
                )
            }),
        )];
        troubled.duplicate_rules = Ok(vec![DuplicateRule {
            name: "Standard_Account_Rule".to_owned(),
            sobject: "Account".to_owned(),
        }]);
        troubled.validation_rules = Ok(vec![ValidationRule {
            name: "Needs_Phone".to_owned(),
            message: None,
        }]);
        troubled.usage = Some(ApiUsage {
            used: 100,
            limit: 100,
        });
        for (name, expected) in [
            ("Permission to create fields", CheckState::Failed),
            ("Access to Account", CheckState::Failed),
            ("Required fields", CheckState::Warning),
            ("State and country picklists", CheckState::Warning),
            ("Person accounts", CheckState::Warning),
            ("Duplicate rules", CheckState::Warning),
            ("Validation rules", CheckState::Warning),
            ("API calls left", CheckState::Failed),
        ] {
            assert_eq!(state(&troubled, &scope(), name), expected, "{name}");
        }
        let access = Scope {
            creates: false,
            makes_fields: false,
            ..scope()
        };
        assert_eq!(
            state(&troubled, &access, "Access to Account"),
            CheckState::Ok
        );
    }

    #[test]
    fn a_closed_door_is_one_check_with_a_message_for_the_admin() {
        let blocked = TargetError::BlockedByPolicy {
            message: "API is not enabled".to_owned(),
        };
        let closed = Facts {
            identity: Err(blocked),
            ..facts()
        };
        let checks = judge(&closed, &scope());
        assert_eq!(checks.len(), 1);
        assert_eq!(checks[0].state, CheckState::Failed);
        assert!(
            checks[0]
                .message_for_admin
                .as_ref()
                .unwrap()
                .contains("API is not enabled")
        );
    }

    #[test]
    fn who_keeps_the_same_fields_in_step_is_named() {
        let saver = |user: &str, name: &str, records| Saver {
            user: user.to_owned(),
            name: Some(name.to_owned()),
            records,
        };
        let us = |records| saver("005i0000002MUqLAAW", "Ann", records);
        let them = |records| saver("005i0000002MUqMAAW", "Billing Robot", records);
        for (savers, expected) in [
            (vec![], CheckState::Ok),
            (vec![us(90), them(10)], CheckState::Ok),
            (vec![them(4)], CheckState::Ok),
            (vec![them(50), us(50)], CheckState::Warning),
            (vec![them(90), us(10)], CheckState::Warning),
        ] {
            let facts = Facts {
                savers: vec![(FieldName::from("Key__c"), Ok(savers))],
                ..facts()
            };
            let name = "Others that fill the same fields";
            assert_eq!(
                state(&facts, &scope(), name),
                expected,
                "{:?}",
                facts.savers
            );
            let named = judge(&facts, &scope())
                .into_iter()
                .any(|it| it.detail.contains("Billing Robot"));
            assert_eq!(named, expected == CheckState::Warning);
        }
    }
}
