//! Problems of single records in words: what happened, what was not done, what to do.

use drawbridge_model::{Outcome, Reason};

/// Title and hint for a cause.
pub fn words(outcome: Outcome, code: &str, message: &str) -> (String, String) {
    let (title, hint) = match code {
        "STRING_TOO_LONG" => (
            "A text is longer than its field",
            "Not written. Set “If too long” to shorten, or shorten the text in the billing system.",
        ),
        "FIELD_CUSTOM_VALIDATION_EXCEPTION" => {
            return (
                format!("Validation rule: {message}"),
                "Not written. Fill what the rule asks for in Salesforce, or add it to the \
                 mapping, then preview again."
                    .to_owned(),
            );
        }
        "DUPLICATES_DETECTED" => (
            "Salesforce found a possible duplicate",
            "Not written. Link the customer to the record Salesforce names, or merge them. Where the \
             duplicate rule allows it, a chosen record can be saved all the same.",
        ),
        "DUPLICATE_VALUE" | "DUPLICATE_EXTERNAL_ID" => (
            "Another record has this external ID",
            "Not written. Remove the id from the wrong record, then preview again.",
        ),
        "REQUIRED_FIELD_MISSING" => (
            "A required field is empty",
            "Not written. Fill it in the billing system or in Salesforce, then preview again.",
        ),
        "UNABLE_TO_LOCK_ROW" => (
            "The record was locked by another user",
            "Sent several times, and not written. Retry it: locks pass.",
        ),
        "ENTITY_IS_DELETED" => (
            "The record was deleted in Salesforce",
            "Not written. Preview again: a merged record is followed to the one it was merged into, \
             and of a deleted one you are asked.",
        ),
        "INVALID_EMAIL_ADDRESS" => (
            "An e-mail address is not valid",
            "Not written. Correct it in the billing system.",
        ),
        "NUMBER_OUTSIDE_VALID_RANGE" => (
            "A number is larger than its field",
            "Not written. Correct the amount in the billing system, or give the field more digits.",
        ),
        "INVALID_FIELD_FOR_INSERT_UPDATE" | "INSUFFICIENT_ACCESS_OR_READONLY" => (
            "You may not edit this",
            "Not written. An admin must give you access to the record or the field.",
        ),
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST" | "FIELD_INTEGRITY_EXCEPTION" => (
            "A value is not in its picklist",
            "Not written. Add the value in Salesforce, or set the rule to Never.",
        ),
        "job_failed" => (
            "Salesforce gave the Bulk job up",
            "Sent several times, and not written. Mend what Salesforce names, then retry.",
        ),
        "changed_since_preview" => (
            "Changed in Salesforce after the preview",
            "Left alone. It comes back in the next preview with both values.",
        ),
        "created_since_preview" => (
            "A record appeared after the preview",
            "Left alone. The next preview compares with it.",
        ),
        "record_gone" => (
            "The record is gone",
            "Left alone. Preview again: a merged record is followed to the one it was merged into, \
             and of a deleted one you are asked.",
        ),
        "answer_lost" => (
            "What became of it is not known, and reading back did not settle it",
            "Not sent again. Look at the record in Salesforce; the next preview shows both values.",
        ),
        "read_back_differs" => (
            "Salesforce holds another value than was sent",
            "Written. A Flow, a trigger or somebody changed it at once or soon after. Look at the \
             record; if the org does it, leave the field to the org, or change what the org does.",
        ),
        "JSON_PARSER_ERROR" => (
            "Salesforce could not read a value of the record",
            "Not written, and the others of its call were. Correct the value in the billing system, \
             or the rule that makes it, then preview again.",
        ),
        "not_in_pilot" => (
            "Left for later: this run was a pilot",
            "Not sent. Preview again to write the rest.",
        ),
        "no_record" => ("No record matches", Reason::NoRecord.next_step()),
        "no_account" => (
            "No Contact leads to an Account",
            Reason::NoAccount.next_step(),
        ),
        "several_records" => (
            "More than one record matches",
            "Left alone. Choose the right one on the Matching tab, or merge the duplicates in \
             Salesforce.",
        ),
        "shared_record" => (
            "Several customers match one record",
            "Left alone. Choose on the Matching tab whose it is and what the others get, or put \
             each customer's id into the external ID field of its own record.",
        ),
        "strangers_id" => (
            "The matching record carries an external ID that no customer has",
            "Left alone. Clear the external ID field in Salesforce or put the customer's id there; \
             where the id belongs to another billing system, choose another record or a new one on \
             the Matching tab.",
        ),
        "link_disagrees" => (
            "The external ID names another record than a person chose",
            "Left alone. Take the choice back on the Matching tab, or clear the external ID field \
             of the other record.",
        ),
        "merged_into_taken" => (
            "The record was merged into another customer's",
            "Left alone. Choose another record or a new one on the Matching tab.",
        ),
        "record_deleted" => (
            "The record was deleted in Salesforce",
            "Left alone, and not made anew. Restore it in Salesforce, or choose another record or \
             a new one on the Matching tab.",
        ),
        "not_in_copy" => (
            "The record is not in the refreshed sandbox",
            "Left alone. Choose its record on the Matching tab, or let it have a new one.",
        ),
        "merged_since" => (
            "The record was merged after the run",
            "Left alone: the record it was merged into has values of its own. Correct it in \
             Salesforce if need be.",
        ),
        "needs_review" => (
            "A record may be the customer's, and nobody has decided",
            "Left alone. Choose the records on the Matching tab.",
        ),
        "counted_in" => (
            "Counted in the row of another customer",
            "Nothing is to be done: customers that share an Account are added up in one row.",
        ),
        "several_currencies" => (
            "The customers of an Account have amounts in several currencies",
            "Left alone. Leave the customers of the other currency out on the Matching tab, or put \
             them on an Account of their own.",
        ),
        "ignored" => (
            "Left out, as decided",
            "Take the decision back on the Matching tab to include them again.",
        ),
        "created_by_run" => (
            "Created by the run that is undone",
            "Left alone. To delete them as well, undo with “Also delete the records this run \
             created”.",
        ),
        "saved_since" => (
            "Created by the run, and saved by somebody since",
            "Not deleted. Look at them, and delete them in Salesforce if nobody needs them.",
        ),
        "maybe_anothers" => (
            "Somebody else may have created the record",
            "Left alone: no answer said that the run did. Look at it, and delete it in Salesforce \
             if nobody needs it.",
        ),
        "found_again" => (
            "The answer was lost, and the record was found by its external ID",
            "Counted as created: it holds what was sent. An undo leaves it, because somebody else \
             may have made it at the same moment.",
        ),
        "has_children" => (
            "Contacts, Opportunities or Cases hang on the record",
            "Not deleted: they would be deleted with it, and the run did not create them. Move or \
             delete them in Salesforce and undo again, or leave the record.",
        ),
        "deleted_by_undo" => (
            "Deleted by the undo",
            "Not brought back: the API cannot. Restore them from the recycle bin in Salesforce, \
             where they stay for up to 15 days, or let the sync create them anew.",
        ),
        "gone_already" => (
            "Deleted by somebody else after the preview",
            "Nothing was sent: the record is gone already.",
        ),
        "DELETE_FAILED" | "DEPENDENCY_EXISTS" => (
            "Salesforce does not delete a record that others need",
            "Not deleted. Look at what hangs on it in Salesforce, then undo again.",
        ),
        "gone" => (
            "The record is gone",
            "Left alone. It was deleted, or you can no longer see it.",
        ),
        "expression_unfit" => (
            "An expression gives what its field does not take",
            "Left alone. Correct the expression on the Mapping tab, or the value it reads.",
        ),
        "expression_failed" => (
            "An expression could not be worked out",
            "Left alone. Correct the expression on the Mapping tab.",
        ),
        "too_long" => (
            "A text is longer than its field",
            "Left alone. Shorten the text in the billing system, or set “If too long” to shorten.",
        ),
        "out_of_range" => (
            "A number is larger than its field",
            "Left alone. Correct the amount in the billing system, or give the field more digits.",
        ),
        "not_in_picklist" => (
            "A value is not in its picklist",
            "Left alone. Add the value in Salesforce, or set the rule to Never.",
        ),
        "wrong_kind" => (
            "A value does not fit its field",
            "Left alone. Correct it in the billing system, or set the rule to Never.",
        ),
        "missing_required" => (
            "A new record would lack a required field",
            "Left alone. Fill the value in the billing system, or create the record in Salesforce.",
        ),
        "changed_since_run" => (
            "Changed in Salesforce since the run",
            "Left alone: every field to restore holds another value by now. Look at them in \
             Salesforce.",
        ),
        "all_fields_held" => (
            "Every changed field is held",
            "Left alone, as the write policy or a person decided.",
        ),
        "held" | "held_by_person" => (
            "Held in the preview",
            "Left alone, as decided. It comes back in the next preview.",
        ),
        _ if outcome == Outcome::Rejected => {
            return (
                format!("Salesforce said: {message}"),
                "Not written. Mend the cause, then preview again.".to_owned(),
            );
        }
        _ => return (message.to_owned(), String::new()),
    };
    (title.to_owned(), hint.to_owned())
}
